from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from huggingface_hub import constants

import unspool
from screens import Watched
from stand_in_hub import StandInHub, standing_in
from unspool.data.hub import HubData, download, download_test, hub_data, split_files
from unspool.data.inputs import Files
from unspool.data.reading import Reading
from unspool.errors import Mistake
from unspool.recipes.translation_data import write_split

NAME = "someone/pairs"
SPLITS = ("train", "validation", "test")


def parquet(rows: int) -> bytes:
    table = pyarrow.table({"de": [f"Satz {row}" for row in range(rows)], "en": [f"line {row}" for row in range(rows)]})
    sink = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(table, sink)
    return bytes(sink.getvalue())


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandInHub]:
    files = {f"data/{split}-00000-of-00001.parquet": parquet(rows) for rows, split in enumerate(SPLITS, 2)}
    with standing_in(tmp_path, monkeypatch) as server:
        server.data_sets[NAME] = {"README.md": b"pairs", **files}
        yield server


def rows(paths: tuple[Path, ...]) -> list[int]:
    table, _ = Files(paths).open(Reading())
    return [pair.line for pair in table]


def test_a_data_set_is_trained_on_its_training_split_and_validated_on_its_own(hub: StandInHub):
    said: list[str] = []
    files = download(Files((Path(f"hub:{NAME}"),)), said.append)
    assert (rows(files.data), rows(files.valid)) == ([1, 2], [1, 2, 3])
    assert said[0] == f"The split train of hub:{NAME}: data/train-00000-of-00001.parquet."
    assert rows(download_test(Files((Path(f"hub:{NAME}"),)), said.append).data) == [1, 2, 3, 4]


def test_a_split_that_is_named_is_read_alone(hub: StandInHub):
    files = download(Files((Path(f"hub:{NAME}:test"),)), print)
    assert (rows(files.data), files.valid) == ([1, 2, 3, 4], ())


def test_other_validation_data_comes_first(hub: StandInHub, tmp_path: Path):
    files = download(Files((Path(f"hub:{NAME}"),), (tmp_path / "own.tsv",)), print)
    assert files.valid == (tmp_path / "own.tsv",)


def test_what_was_downloaded_is_read_without_a_network(hub: StandInHub, monkeypatch: pytest.MonkeyPatch):
    first = download(Files((Path(f"hub:{NAME}"),)), print)
    asked = len(hub.asked)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert download(Files((Path(f"hub:{NAME}"),)), print) == first
    assert len(hub.asked) == asked


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("hub:someone/else", "The Hub has no data set 'someone/else', or it is not public."),
        ("hub:multi30k", "hub:multi30k does not name a data set of the Hub."),
        (f"hub:{NAME}:dreams", f"hub:{NAME} has no split 'dreams'."),
        (f"hub:{NAME}@v9", f"hub:{NAME} has no revision 'v9'."),
        (f"hub:{NAME}/nowhere", f"hub:{NAME} has no table that can be read in nowhere/."),
    ],
)
def test_a_wrong_name_is_a_mistake(hub: StandInHub, name: str, said: str):
    with pytest.raises(Mistake) as caught:
        download(Files((Path(name),)), print)
    assert caught.value.what == said


def test_no_network_and_no_cache_is_a_mistake(hub: StandInHub, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(Mistake, match=r"is not on this machine, and the Hub cannot be reached"):
        download(Files((Path(f"hub:{NAME}"),)), print)


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "huggingface_hub", None)
    with pytest.raises(Mistake, match=r"pip install 'unspool\[hub\]'"):
        download(Files((Path(f"hub:{NAME}"),)), print)


def test_files_stay_files():
    assert hub_data(Path("hub.tsv")) is None
    files = Files((Path("pairs.tsv"),))
    assert download(files, print) == files


def test_a_name_may_have_a_folder_a_revision_and_a_split():
    assert hub_data(Path("hub:a/b/de-en@v1:dev")) == HubData("a/b", "de-en", "v1", "validation")


@pytest.mark.parametrize(
    "names",
    [
        ["train.jsonl", "val.jsonl", "test.jsonl"],
        ["train/0.csv", "dev/0.csv", "eval/0.csv"],
        ["a_training.tsv.gz", "a_valid.tsv.gz", "a_testing.tsv.gz"],
        ["x-train.parquet", "x-dev.parquet", "x-test.parquet", "train.csv"],
    ],
)
def test_splits_are_found_in_the_names_of_files(names: list[str]):
    assert sorted(split_files(names)) == ["test", "train", "validation"]


def test_a_table_without_a_split_is_for_training():
    assert split_files(["contest.csv"]) == {"train": ["contest.csv"]}


def test_one_of_several_folders_must_be_named(hub: StandInHub):
    hub.data_sets[NAME] |= {"de-en/train.parquet": parquet(1), "fr-en/train.parquet": parquet(1)}
    with pytest.raises(Mistake, match="several folders: data, de-en, fr-en"):
        download(Files((Path(f"hub:{NAME}"),)), print)
    assert rows(download(Files((Path(f"hub:{NAME}/fr-en"),)), print).data) == [1]


def test_a_run_is_trained_resumed_and_evaluated_by_the_name_alone(hub: StandInHub, tmp_path: Path):
    hub.data_sets[NAME] |= {f"data/{split}-00000-of-00001.parquet": parquet(24) for split in SPLITS}
    tiny = {"model.embedding_size": 4, "model.encoder_size": 4, "model.decoder_size": 4, "training.max_updates": 2}
    out, said = tmp_path / "run", list[str]()
    given = {"columns": "source=de,target=en", "on_message": said.append}
    unspool.train(f"hub:{NAME}", out=out, settings=tiny, **given)
    assert said[0].startswith("The split train of") and not any("Held out" in message for message in said)
    model = unspool.train(out=out, settings={"training.max_updates": 3}, resume=True, progress=False)
    assert model.evaluate(f"hub:{NAME}")["n"] == 24


def test_the_recipe_of_translation_takes_the_splits_of_the_data_set(hub: StandInHub, tmp_path: Path):
    hub.data_sets[NAME] |= {"data/train-00000-of-00001.parquet": parquet(120)}
    split = write_split(tmp_path, Path(f"hub:{NAME}"), "source=de,target=en", Watched())
    assert [len(path.read_text().splitlines()) for path in split] == [120, 3, 4]
    assert split.test.read_text().startswith("Satz 0\tline 0\n")
    del hub.data_sets[NAME]["data/test-00000-of-00001.parquet"]
    split = write_split(tmp_path / "other", Path(f"hub:{NAME}"), "source=de,target=en", Watched())
    assert [len(path.read_text().splitlines()) for path in split] == [108, 6, 6]
