"""The commands do what their help says."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

import unspool
from documented import Desk
from keyboard import TINY, Shell
from unspool.cli.main import EXAMPLES
from unspool.errors import Mistake
from unspool.models.registry import models


def test_predict_answers_in_order_and_an_empty_line_with_an_empty_line(shell: Shell, trained: Path) -> None:
    said = shell("predict", trained, stdin=b"bade\n\nkomi\n\n\nmita\n")
    assert said.code == 0
    answers = said.out.split("\n")
    assert [bool(answer) for answer in answers] == [True, False, True, False, False, True, False]
    alone = shell("predict", trained, stdin=b"mita").out
    assert answers[5] == alone.strip()


def test_predict_reads_files_one_after_another(shell: Shell, trained: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text(f"{name}\n")
    said = shell("predict", trained, tmp_path / "one", tmp_path / "two")
    assert said.out == shell("predict", trained, stdin=b"one\ntwo\n").out


def test_a_dash_among_the_files_is_standard_input(shell: Shell, trained: Path, tmp_path: Path) -> None:
    (tmp_path / "two").write_text("two\n")
    assert shell("predict", trained, "-", stdin=b"one\n").out == shell("predict", trained, stdin=b"one\n").out
    mixed = shell("predict", trained, tmp_path / "two", "-", stdin=b"one\n")
    assert mixed.code == 0 and mixed.out == shell("predict", trained, stdin=b"two\none\n").out


def test_predict_answers_a_line_before_the_next_one_comes(trained: Path) -> None:
    command = [sys.executable, "-m", "unspool", "predict", str(trained)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        for word in (b"bade\n", b"komi\n"):
            process.stdin.write(word)
            process.stdin.flush()
            assert process.stdout.readline().strip()
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def test_predict_json_gives_an_object_a_line_with_all_that_is_promised(shell: Shell, trained: Path) -> None:
    said = shell("predict", trained, "--beam", 5, "--n-best", 3, "--json", stdin=b"bade\n\nmita\n")
    first, empty, last = map(json.loads, said.out.splitlines())
    assert first["source"] == "bade" and empty == {"source": "", "source_tokens": [], "hypotheses": []}
    assert len(first["hypotheses"]) == len(last["hypotheses"]) == 3
    for hypothesis in first["hypotheses"]:
        assert hypothesis.keys() == {"text", "score", "finished", "tokens", "attention"}
        assert hypothesis["score"] <= 0 and "".join(hypothesis["tokens"]) == hypothesis["text"]
        assert all(len(row) == 4 and abs(sum(row) - 1) < 0.01 for row in hypothesis["attention"])
    texts = [hypothesis["text"] for hypothesis in first["hypotheses"]]
    assert len(set(texts)) == 3
    assert shell("predict", trained, "--beam", 5, "--n-best", 3, stdin=b"bade\n").out == "\t".join(texts) + "\n"


def test_predict_says_how_many_lines_held_unknown_symbols(shell: Shell, trained: Path) -> None:
    said = shell("predict", trained, stdin="bade\nb\u00e9de\n\ud55c\n".encode())
    assert said.code == 0 and said.out.count("\n") == 3
    assert said.lines[0] == "2 lines hold 2 symbols that training never saw (é, 한); they are read as <unk>."


def test_a_line_of_100_000_characters_is_cut_by_a_stated_limit(shell: Shell, trained: Path) -> None:
    said = shell("predict", trained, "--max-length", 5, stdin=b"ba" * 50_000 + b"\nbade\n")
    assert said.code == 0 and said.out.count("\n") == 2
    source, answers = said.lines
    assert source == "1 line was longer than 1,000 symbols (data.max_source) and cut."
    assert "cut at the maximum length (--max-length" in answers


def test_a_line_that_is_not_utf8_is_a_mistake_that_names_it(shell: Shell, trained: Path) -> None:
    said = shell("predict", trained, stdin=b"bade\n\xff\n")
    assert said.code == 2 and "line 2" in said.err


def test_evaluate_writes_the_figures_it_prints(shell: Shell, trained: Path, pairs: Path) -> None:
    file = pairs.parent / "figures.json"
    said = shell("evaluate", trained, pairs, "--json", file, "--beam", 2)
    figures = json.loads(file.read_text())
    assert (
        figures["n"] == 200 and 0 <= figures["exact_match_low"] <= figures["exact_match"] <= figures["exact_match_high"]
    )
    assert {"symbol_error_rate", "symbol_error_rate_low", "symbol_error_rate_high", "seconds"} <= figures.keys()
    assert f"{figures['exact_match']:.2f}" in said.out


def test_evaluate_reads_parallel_files(shell: Shell, trained: Path, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("bade\nkomi\n")
    (tmp_path / "b").write_text("edab\nimok\n")
    said = shell("evaluate", trained, "--source", tmp_path / "a", "--target", tmp_path / "b")
    assert said.code == 0 and re.match(r"sources +2\n", said.out)


def test_a_source_with_several_answers_is_right_with_any_of_them(shell: Shell, trained: Path, tmp_path: Path) -> None:
    answer = shell("predict", trained, stdin=b"bade\n").out.strip()
    (tmp_path / "test.tsv").write_text(f"bade\twrong\nbade\t{answer}\n")
    figures = tmp_path / "figures.json"
    shell("evaluate", trained, tmp_path / "test.tsv", "--json", figures)
    assert json.loads(figures.read_text())["n"] == 1 and json.loads(figures.read_text())["exact_match"] == 100


def test_train_without_valid_holds_the_same_sources_out_and_says_so(shell: Shell, pairs: Path) -> None:
    said = [shell("train", pairs, "--out", pairs.parent / f"out{n}", *TINY).err for n in range(2)]
    assert all("Held out 10 of 200 sources" in text for text in said)
    runs = [json.loads((pairs.parent / f"out{n}" / "run.json").read_text()) for n in range(2)]
    assert runs[0]["facts"]["validation_sources"] == 10
    weights = [(pairs.parent / f"out{n}" / "model.safetensors").read_bytes() for n in range(2)]
    assert weights[0] == weights[1], "the same seed and data gave other weights"


def test_train_from_another_run_starts_from_its_weights(shell: Shell, trained: Path, pairs: Path) -> None:
    out = pairs.parent / "tuned"
    still = ["--set", "training.max_updates=1", "--set", "training.learning_rate=1e-12"]
    assert shell("train", pairs, "--from", trained, "--out", out, *TINY, *still).code == 0
    assert shell("predict", out, stdin=b"bade\nkomi\n").out == shell("predict", trained, stdin=b"bade\nkomi\n").out
    for side in ("source", "target"):
        name = f"{side}.tokenizer.json"
        assert (out / name).read_bytes() == (trained / name).read_bytes()


def test_parallel_files_and_named_columns_train_like_a_table(shell: Shell, pairs: Path) -> None:
    rows = [line.split("\t") for line in pairs.read_text().splitlines()]
    folder = pairs.parent
    (folder / "a.txt").write_text("".join(f"{source}\n" for source, _ in rows))
    (folder / "b.txt").write_text("".join(f"{target}\n" for _, target in rows))
    (folder / "c.csv").write_text("word,back\n" + "".join(f"{source},{target}\n" for source, target in rows))
    lines = [json.dumps({"word": source, "back": target, "n": n}) + "\n" for n, (source, target) in enumerate(rows)]
    (folder / "d.jsonl").write_text("".join(lines))
    ways = {
        "tsv": [pairs], "parallel": ["--source", folder / "a.txt", "--target", folder / "b.txt"],
        "csv": [folder / "c.csv", "--columns", "source=word,target=back"],
        "jsonl": [folder / "d.jsonl", "--columns", "source=word,target=back"],
    }  # fmt: skip
    first, *others = ways
    for name, words in ways.items():
        assert shell("train", *words, "--out", folder / name, *TINY).code == 0
    weights = load_file(folder / first / "model.safetensors")
    for name in others:
        for part, tensor in load_file(folder / name / "model.safetensors").items():
            assert torch.equal(tensor, weights[part]), (name, part)


def test_two_joined_columns_train_and_predict(shell: Shell, tmp_path: Path) -> None:
    rows = [f"w{n % 50}\tV;{tag}\tw{n % 50}{end}\n" for n in range(100) for tag, end in (("PST", "ed"), ("PRS", "s"))]
    (tmp_path / "forms.tsv").write_text("".join(rows))
    out, columns = tmp_path / "out", "source=1:chars+2:tags,target=3:chars"
    assert shell("train", tmp_path / "forms.tsv", "--columns", columns, "--out", out, *TINY).code == 0
    said = shell("predict", out, "--json", stdin=b"w1\tV;PST\n")
    assert json.loads(said.out)["source_tokens"] == ["w", "1", "V", "PST"]
    assert shell("predict", out, tmp_path / "forms.tsv").out.count("\n") == len(rows)


def test_korean_trains_and_predicts(shell: Shell, tmp_path: Path) -> None:
    rows = [f"word {n}\t단어 {n}번\t출처\n" for n in range(60)]
    (tmp_path / "ko.tsv").write_text("".join(rows), encoding="utf-8")
    out = tmp_path / "out"
    said = shell("train", tmp_path / "ko.tsv", "--columns", "source=1,target=2:jamo", "--out", out, *TINY)
    assert said.code == 0, said
    answer = shell("predict", out, stdin=b"word 7\n").out
    assert any("\uac00" <= character <= "\ud7a3" for character in answer), answer


def test_describe_tells_of_tables_and_of_trained_folders(shell: Shell, trained: Path, pairs: Path) -> None:
    said = shell("describe", pairs)
    assert re.search(r"distinct sources +200", said.out) and "chars: " in said.out
    told = shell("describe", trained)
    assert "luong" in told.out and "pairs.tsv" in told.out


def test_a_run_that_replaces_a_recipes_is_no_longer_the_recipes(shell: Shell, trained: Path, pairs: Path) -> None:
    for name in ("recipe.json", "evaluation.json", "summary.txt", "notes.txt"):
        (trained / name).write_text("{}")
    said = shell("train", pairs, "--out", trained, "--overwrite", *TINY, "--set", "training.max_updates=1")
    assert said.code == 0, said
    left = {file.name for file in trained.iterdir()}
    assert "notes.txt" in left and not left & {"recipe.json", "evaluation.json", "summary.txt"}


def test_models_and_recipes_are_listed(shell: Shell) -> None:
    assert {line.split()[0] for line in shell("models").out.splitlines()} == set(models())
    assert shell("recipes").out.startswith("g2p")
    said = shell("run", "g2")
    assert said.code == 2 and "Did you mean 'g2p'" in said.err


@pytest.mark.parametrize("command", EXAMPLES, ids=lambda command: command.__name__)
def test_the_example_in_each_help_text_runs(command: object, desk: Desk, trained: Path) -> None:
    name = command.__name__.replace("_", "-")
    text = subprocess.run([sys.executable, "-m", "unspool", name, "--help"], capture_output=True, text=True).stdout
    examples = re.findall(r"\$ (.+?) *$", text, re.MULTILINE)
    assert examples == [EXAMPLES[command]], text
    if name in ("train", "tune", "run", "compare", "forecast", "write", "repair", "serve", "push"):
        return  # elsewhere: samples of the documents, make quickstart, and tests of their own
    (desk.folder / "runs").mkdir()
    trained.rename(desk.folder / "runs" / "mine")
    assert desk.shell(examples[0])


def test_help_comes_at_once() -> None:
    modules = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "unspool", "--help"], capture_output=True, text=True, check=True
    ).stderr
    imported = {line.rsplit("|", 1)[-1].strip() for line in modules.splitlines()}
    slow = {"torch", "numpy", "onnxruntime", "pydantic", "tokenizers", "matplotlib"}
    assert not slow & imported, "help has to wait for these"


def test_without_a_terminal_progress_is_plain_text(shell: Shell, pairs: Path) -> None:
    begun = time.monotonic()
    said = shell("train", pairs, "--out", pairs.parent / "out", *TINY)
    assert "\x1b" not in said.err and time.monotonic() - begun < 60
    assert re.search(r"symbol error rate \d+\.\d\d  .*← best so far", said.err), said.err
    assert "Next: unspool predict" in said.err


def test_a_run_whose_data_moved_is_resumed_where_they_lie_now(shell: Shell, pairs: Path) -> None:
    out, moved = pairs.parent / "out", pairs.parent / "moved.tsv"
    assert shell("train", pairs, "--out", out, *TINY).code == 0
    pairs.rename(moved)
    assert shell("train", "--resume", "--out", out).code == 2
    said = shell("train", moved, "--resume", "--out", out, "--set", "training.max_updates=65")
    assert said.code == 0, said
    assert shell("train", "--resume", "--out", out, "--set", "training.max_updates=66").code == 0


def everything(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("limit", [[], ["--set", "training.max_updates=50"], ["--max-minutes", "0.0001"]])
def test_a_finished_run_that_nothing_gives_more_to_do_is_left_as_it_is(
    shell: Shell, trained: Path, limit: list[str]
) -> None:
    before = everything(trained)
    said = shell("train", "--resume", "--out", trained, *limit)
    assert said.code == 0 and "finished" in said.err and "training.max_updates" in said.err
    assert everything(trained) == before


def test_a_finished_run_goes_on_when_a_limit_is_raised(shell: Shell, trained: Path) -> None:
    said = shell("train", "--resume", "--out", trained, "--set", "training.max_updates=61")
    assert said.code == 0 and "Continuing after update 60" in said.err and "(61 updates)" in said.err


def test_predict_takes_the_sources_of_the_table_it_was_trained_on(shell: Shell, trained: Path, pairs: Path) -> None:
    sources = "".join(line.split("\t")[0] + "\n" for line in pairs.read_text().splitlines())
    assert shell("predict", trained, pairs).out == shell("predict", trained, stdin=sources.encode()).out


def test_predict_ends_quietly_when_its_reader_has_gone_or_it_is_interrupted(trained: Path, tmp_path: Path) -> None:
    (tmp_path / "many").write_text("bade\n" * 20_000)
    command = [sys.executable, "-m", "unspool", "predict", str(trained)]
    pipe = subprocess.run(
        f"{' '.join(command)} {tmp_path / 'many'} | head -1", shell=True, capture_output=True, text=True
    )
    assert pipe.stdout.count("\n") == 1 and "Traceback" not in pipe.stderr and "fault" not in pipe.stderr
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(b"bade\n")
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
        assert process.stderr.read() == b"Interrupted.\n"


def test_the_python_api_refuses_what_it_would_misread(trained: Path) -> None:
    model = unspool.load(trained)
    with pytest.raises(Mistake, match="needs a list"):
        model.predict("bade")
    with pytest.raises(Mistake, match="beam of 2"):
        model.predict(["bade"], beam=2, n_best=3)


def test_settings_may_be_nested_in_python(pairs: Path) -> None:
    nested = {"training": {"max_updates": 2, "precision": "fp32"}, "model": {"encoder_size": 8, "decoder_size": 8}}
    model = unspool.train(pairs, out=pairs.parent / "out", model="bahdanau", settings=nested)
    assert model.config.model.name == "bahdanau" and model.config.model.encoder_size == 8
