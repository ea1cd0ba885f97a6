"""A run that is killed at a known moment goes on as if it had not been, and the model from before can still be used."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

import unspool
from killing import killed_after
from unspool import folder as disk
from unspool import runs
from unspool.data.inputs import Files
from unspool.errors import Mistake
from unspool.storage.previous import PREVIOUS

SETTINGS = {
    "model": {"name": "luong", "embedding_size": 4, "encoder_size": 6, "decoder_size": 6, "dropout": 0.3},
    "training": {
        "batch_symbols": 400, "max_updates": 3, "validate_every": 2, "validate_most": 2, "precision": "fp32",
        "checkpoint_minutes": 0,
    },
}  # fmt: skip
quiet: dict[str, Any] = {"on_report": lambda report: None, "on_message": lambda message: None}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "pairs.tsv"
    path.write_text("".join(f"{word}\t{word[::-1]}\n" for word in ("abc", "bad", "cab", "dead", "fade", "bead") * 4))
    return path


def begin(table: Path, out: Path, seed: int = 1, **options: Any) -> None:
    runs.begin(Files((table,)), out, SETTINGS | {"seed": seed}, **options, **quiet)


def weights(folder: Path) -> list[list[float]]:
    return [tensor.flatten().tolist() for _, tensor in sorted(load_file(folder / disk.WEIGHTS).items())]


@pytest.fixture(scope="module")
def whole(table: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Two runs that were not disturbed, by seed."""
    place = tmp_path_factory.mktemp("whole")
    for seed in (1, 2):
        begin(table, place / str(seed), seed)
    return {seed: place / str(seed) for seed in (1, 2)}


def go_on(table: Path, out: Path, seed: int, *, overwrite: bool) -> None:
    """What a person does after a kill."""
    try:
        runs.resume(out, {}, None, **quiet)
        wanted = disk.read_run(out)[0].seed == seed  # otherwise it was killed before anything was replaced
    except Mistake as refused:
        assert "nothing to continue" in refused.what or "no model" in refused.what
        wanted = False
    if not wanted:
        begin(table, out, seed, overwrite=overwrite)


@pytest.mark.parametrize("changes", [1, 3, 4, 6, 8, 10, 12, 15, 18, 21])
def test_killed_in_a_new_folder(changes: int, table: Path, whole: dict[int, Path], tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert not killed_after(changes, lambda: begin(table, out))
    go_on(table, out, 1, overwrite=False)
    assert weights(out) == weights(whole[1])


@pytest.mark.parametrize("changes", [*range(2, 40, 4), 45, 50])
def test_killed_while_it_replaces_another_one(
    changes: int, table: Path, whole: dict[int, Path], tmp_path: Path
) -> None:
    out = Path(shutil.copytree(whole[1], tmp_path / "run"))
    (out / disk.CHECKPOINTS / "mine.txt").write_text("mine")
    assert not killed_after(changes, lambda: begin(table, out, 2, overwrite=True))
    found, old = (unspool.load(folder, "cpu").predict(["abc"])[0].hypotheses[0].score for folder in (out, whole[1]))
    if not (out / disk.WEIGHTS).exists():
        assert found == old
    go_on(table, out, 2, overwrite=True)
    assert weights(out) == weights(whole[2])
    assert not (out / PREVIOUS).exists() and (out / disk.CHECKPOINTS / "mine.txt").read_text() == "mine"


def test_a_run_from_another_one_that_was_killed_before_its_first_checkpoint(
    table: Path, whole: dict[int, Path], tmp_path: Path
) -> None:
    begin(table, tmp_path / "whole", start_from=whole[1])
    shutil.copytree(tmp_path / "whole", tmp_path / "run")
    for name in (disk.CHECKPOINTS, disk.TENSORBOARD):
        shutil.rmtree(tmp_path / "run" / name)
    for name in (disk.WEIGHTS, disk.METRICS, *disk.FIELDS.values()):
        (tmp_path / "run" / name).unlink()
    runs.resume(tmp_path / "run", {}, None, **quiet)
    assert weights(tmp_path / "run") == weights(tmp_path / "whole")


def test_a_run_from_another_one_that_makes_nothing_better_keeps_its_weights(
    table: Path, whole: dict[int, Path], tmp_path: Path
) -> None:
    said: list[str] = []
    settings = SETTINGS | {"training": SETTINGS["training"] | {"learning_rate": 1e-12}}
    shown: dict[str, Any] = quiet | {"on_message": said.append}
    run = runs.begin(Files((table,)), tmp_path / "run", settings, start_from=whole[1], **shown)
    assert run.progress.update == 3 and run.progress.patience == 2
    assert weights(tmp_path / "run") == weights(whole[1])
    assert any(message.startswith("Before the first update: ") for message in said)


@pytest.mark.parametrize(
    "name", ["model.safetensors", "metrics.jsonl", "evaluation.json", "checkpoints/w.pt", "tensorboard/events"]
)
def test_files_of_somebody_else_are_refused_by_name(name: str, table: Path, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    for overwrite in (False, True):
        with pytest.raises(Mistake, match=name.split("/")[0]):
            begin(table, tmp_path, overwrite=overwrite)
    assert [path.read_text() for path in tmp_path.rglob("*") if path.is_file()] == ["mine"]


def test_a_mistake_leaves_no_folder_and_the_old_model(table: Path, whole: dict[int, Path], tmp_path: Path) -> None:
    with pytest.raises(Mistake):
        begin(tmp_path / "none.tsv", tmp_path / "new" / "run")
    assert not (tmp_path / "new").exists()
    out = Path(shutil.copytree(whole[1], tmp_path / "run"))
    with pytest.raises(Mistake):
        begin(tmp_path / "none.tsv", out, overwrite=True)
    assert weights(out) == weights(whole[1]) and not (out / PREVIOUS).exists()


def test_the_programs_own_random_numbers_and_threads_are_as_they_were(table: Path, tmp_path: Path) -> None:
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    unspool.train(table, out=tmp_path / "run", settings={"threads": 2, **flat(SETTINGS)})
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.get_rng_state(), state)


def test_two_runs_in_threads_end_as_each_would_alone(table: Path, whole: dict[int, Path], tmp_path: Path) -> None:
    threads = [threading.Thread(target=begin, args=(table, tmp_path / str(seed), seed)) for seed in whole]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for seed, alone in whole.items():
        assert weights(tmp_path / str(seed)) == weights(alone)


def flat(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings as `unspool.train` takes them."""
    pairs = [(f"{part}.{name}", value) for part, values in settings.items() for name, value in values.items()]
    return dict(pairs)
