"""Which engine answers for a folder, and what is said of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import unspool
from keyboard import Shell
from unspool.errors import Mistake
from unspool.nn.stepper import TorchStepper
from unspool.runtime.stepper import OnnxStepper

WORDS = ["bada", "keli", "", "somu", "bada"]


def with_export(trained: Path, exported: Path, **changes: Any) -> Path:
    """The trained folder with an export inside, whose manifest says something else in places."""
    shutil.copytree(exported, trained / "onnx")
    manifest = trained / "onnx" / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | changes))
    return trained


def test_without_an_export_pytorch_answers(trained: Path) -> None:
    model = unspool.load(trained, "cpu")
    assert isinstance(model.predictor.stepper, TorchStepper)
    assert model.engine.startswith("PyTorch on cpu: there is no export in ")


def test_a_current_export_answers_on_the_processor(trained: Path, exported: Path) -> None:
    folder = with_export(trained, exported)
    for device in ("auto", "cpu"):
        model = unspool.load(folder, device)
        assert isinstance(model.predictor.stepper, OnnxStepper)
        assert model.engine == f"ONNX Runtime on the CPU: the export in {folder / 'onnx'} is current."


def test_the_engine_is_the_one_asked_for(trained: Path, exported: Path) -> None:
    folder = with_export(trained, exported)
    asked = [unspool.load(folder, engine=engine) for engine in ("torch", "onnx")]  # type: ignore[arg-type]
    assert [type(model.predictor.stepper) for model in asked] == [TorchStepper, OnnxStepper]
    ours, theirs = (model.predict(WORDS, beam=3) for model in asked)
    assert [one.text for one in ours] == [one.text for one in theirs]


@pytest.mark.parametrize(
    ("changes", "said"), [({"weights": "0"}, "has other weights"), ({"identity": "0"}, "has other weights"),
                          ({"quantized": "int8"}, "is quantized")],
)  # fmt: skip
def test_an_export_that_would_answer_otherwise_is_left_alone_and_said(
    trained: Path, exported: Path, changes: dict[str, Any], said: str
) -> None:
    model = unspool.load(with_export(trained, exported, **changes), "cpu")
    assert isinstance(model.predictor.stepper, TorchStepper)
    assert said in model.engine


def test_a_quantized_export_answers_when_it_is_asked_for(trained: Path, exported: Path) -> None:
    folder = with_export(trained, exported, quantized="int8")
    assert isinstance(unspool.load(folder, engine="onnx").predictor.stepper, OnnxStepper)


def test_the_runtime_cannot_be_asked_for_without_an_export(trained: Path) -> None:
    with pytest.raises(Mistake, match="there is no export in") as caught:
        unspool.load(trained, engine="onnx")
    assert caught.value.remedy == f"Run: unspool export {trained} --to onnx"


def test_an_exported_folder_has_no_pytorch_and_no_gpu(exported: Path) -> None:
    with pytest.raises(Mistake, match="holds no PyTorch weights"):
        unspool.load(exported, engine="torch")
    with pytest.raises(Mistake, match="runs on the CPU, not on 'cuda'"):
        unspool.load(exported, "cuda")


def test_an_unknown_engine_is_a_mistake(trained: Path) -> None:
    with pytest.raises(Mistake, match="There is no engine 'onxx'") as caught:
        unspool.load(trained, engine="onxx")  # type: ignore[arg-type]
    assert "'onnx'" in caught.value.remedy


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("run.json", '"dropout": 0.2', '"dropout": 0.3'),
        ("source.tokenizer.json", '"b"', '"x"'),
        ("manifest.json", '"identity": "', '"identity": "0'),
    ],
)
def test_files_of_two_exports_are_not_mixed(exported: Path, name: str, before: str, after: str) -> None:
    path = exported / name
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after, 1))
    with pytest.raises(Mistake, match=r"manifest\.json does not match the run\.json and the tokenizers"):
        unspool.load(exported)


def test_settings_of_another_model_are_a_mistake_that_names_the_file(exported: Path) -> None:
    path = exported / "run.json"
    path.write_text(path.read_text().replace('"luong"', '"bahdanau"', 1))
    with pytest.raises(Mistake, match=r"run\.json\.model\.\w+'\. "):
        unspool.load(exported)


def test_draws_of_a_line_are_the_same_whichever_lines_come_with_it(exported: Path) -> None:
    model = unspool.load(exported)
    options: dict[str, Any] = {"sample": True, "n_best": 3, "temperature": 2.0}
    whole = model.predict(WORDS, **options)
    parts = model.predict(WORDS[:2], **options) + model.predict(WORDS[2:], start=2, **options)
    assert [one.to_json()["hypotheses"] for one in whole] == [one.to_json()["hypotheses"] for one in parts]
    assert [a.text for a in whole[0].hypotheses] != [a.text for a in whole[4].hypotheses]


def test_sampling_on_the_command_line(shell: Shell, exported: Path) -> None:
    lines = "\n".join(WORDS).encode()
    words = ["predict", exported, "--sample", "--n-best", 2, "--temperature", 3.0]
    one, same, other = (shell(*words, "--seed", seed, stdin=lines) for seed in (1, 1, 2))
    assert one.code == 0 and one.out == same.out != other.out
    assert [len(line.split("\t")) for line in one.out.splitlines()] == [2, 2, 1, 2, 2]
    narrow = shell("predict", exported, "--sample", "--top-k", 1, stdin=lines)
    assert narrow.out == shell("predict", exported, "--beam", 1, stdin=lines).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--sample", "--beam", 3], "cannot be combined with sampling"),
        (["--top-p", 0.5], "Add --sample"),
        (["--sample", "--temperature", 0], "'decoding.temperature' cannot be 0"),
        (["--sample", "--top-p", 1.5], "'decoding.top_p' cannot be 1.5"),
    ],
)
def test_wrong_sampling_is_said_in_two_lines(shell: Shell, exported: Path, words: list[Any], said: str) -> None:
    done = shell("predict", exported, *words)
    assert done.code == 2 and said in done.err and len(done.lines) == 2
