"""A person's mistake ends with exit code 2, a line what and a line what to do, and harms nothing."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from keyboard import TINY, Said, Shell


def mistake(said: Said, *words: str) -> None:
    assert said.code == 2, said
    assert "Traceback" not in said.err and said.out == ""
    for word in words:
        assert word in said.err, (word, said.err)


def table(tmp_path: Path, content: bytes, name: str = "bad.tsv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


GOOD = b"".join(b"w%d\tv%d\n" % (n, n) for n in range(30))

TABLES = {
    "empty file": (b"", "empty"),
    "one column": (GOOD + b"alone\n", "line 31"),
    "three columns": (b"a\tb\tc\n" * 9, "--columns"),
    "not UTF-8": (GOOD + "caf\u00e9\tb\n".encode("latin-1"), "line 31"),
    "nothing usable": (b"\tb\n" * 9, "there is no usable pair"),
    "one source": (b"a\tb\na\tc\n", "--valid"),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_breaks_a_rule(name: str, shell: Shell, tmp_path: Path) -> None:
    content, word = TABLES[name]
    path = table(tmp_path, content)
    said = shell("train", path, "--out", tmp_path / "out", *TINY)
    mistake(said, word)
    assert name == "one source" or str(path) in said.err
    assert len(said.lines) == 2 and not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["evaluate", "score"])
def test_a_test_table_of_three_columns_has_a_remedy_that_the_command_knows(
    command: str, shell: Shell, trained: Path, tmp_path: Path
) -> None:
    said = shell(command, trained, table(tmp_path, b"bade\tedab\tx\n"))
    mistake(said, "3 columns", "--columns source=1,target=2")
    assert len(said.lines) == 2
    assert shell(command, trained, table(tmp_path, b"bade\tedab\n")).code == 0


def test_no_such_file_names_the_nearest(shell: Shell, pairs: Path) -> None:
    mistake(shell("train", pairs.with_name("pair.tsv"), "--out", pairs.parent / "out"), "pair.tsv", "pairs.tsv")


FLAGS = {
    "unknown model": (["--model", "luon"], "'luon'", "Did you mean 'luong'"),
    "unknown key": (["--set", "training.epoch=3"], "'training.epoch'", "Did you mean 'epochs'"),
    "unknown model key": (["--set", "model.scor=dot"], "'model.scor'", "Did you mean 'score'"),
    "unknown section": (["--set", "trainin.epochs=3"], "'trainin'", "Did you mean 'training'"),
    "key without its section": (["--set", "epochs=5"], "'epochs'", "training.epochs"),
    "model key without its section": (["--set", "dropout=0.1"], "'dropout'", "model.dropout"),
    "key in another section": (["--set", "model.max_source=5"], "'model.max_source'", "data.max_source"),
    "key of two sections": (["--set", "batch_symbols=5"], "training.batch_symbols", "decoding.batch_symbols"),
    "wrong value": (["--set", "training.epochs=many"], "training.epochs", "'many'"),
    "wrong model value": (["--set", "model.score=product"], "model.score", "'general'"),
    "value out of range": (["--set", "model.dropout=1.5"], "model.dropout", "less than 1"),
    "not an assignment": (["--set", "training.epochs"], "section.key=value", "--set training.epochs=5"),
    "unknown tokenizer": (["--columns", "source=1:char,target=2"], "'char'", "Did you mean 'chars'"),
    "unknown column": (["--columns", "source=1,target=7"], "'7'", "Known: 1, 2"),
    "malformed columns": (["--columns", "1,2"], "--columns", "Example"),
    "no such config": (["--config", "nowhere.toml"], "nowhere.toml", "--config"),
    "out is a file": (["--out", "/dev/null"], "/dev/null", "folder"),
    "no such device": (["--device", "abacus"], "'abacus'", "cpu"),
    "sizes that do not fit": (["--set", "model.score=dot", "--set", "model.decoder_size=64"], "32 and 64", "equal"),
    "unknown flag": (["--epochs", "3"], "--epochs", "training.epochs"),
    "unknown metric": (["--set", "training.metric=loudness"], "training.metric", "'exact_match'"),
}


@pytest.mark.parametrize("name", FLAGS)
def test_a_flag_that_breaks_a_rule(name: str, shell: Shell, pairs: Path) -> None:
    flags, *words = FLAGS[name]
    mistake(shell("train", pairs, "--out", pairs.parent / "out", *TINY, *flags), *words)
    assert not (pairs.parent / "out").exists()


def test_a_key_of_a_configuration_file_that_stands_in_the_wrong_place(shell: Shell, pairs: Path) -> None:
    file = pairs.with_name("run.toml")
    train = ["train", pairs, "--out", pairs.parent / "out", "--config", file]
    file.write_text("epochs = 5\n[data]\nmin_count = 2\n")
    mistake(shell(*train), "'epochs'", "training.epochs", "below [training]")
    file.write_text("[training]\nseed = 5\n")
    mistake(shell(*train), "'training.seed'", "above all sections")


def test_an_out_folder_that_holds_another_run_is_left_alone(shell: Shell, pairs: Path, trained: Path) -> None:
    before = {path: path.read_bytes() for path in trained.rglob("*") if path.is_file()}
    mistake(shell("train", pairs, "--out", trained), str(trained), "--overwrite")
    assert before == {path: path.read_bytes() for path in trained.rglob("*") if path.is_file()}


PARTS = ("run.json", "source.tokenizer.json", "target.tokenizer.json", "model.safetensors")


@pytest.mark.parametrize("part", PARTS)
def test_a_folder_with_a_file_missing(part: str, shell: Shell, trained: Path) -> None:
    (trained / part).unlink()
    mistake(shell("predict", trained, stdin=b"a\n"), part, "missing")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("kept", [0, 20, 0.5])
def test_a_folder_with_a_file_cut_short(part: str, kept: float, shell: Shell, trained: Path) -> None:
    content = (trained / part).read_bytes()
    (trained / part).write_bytes(content[: int(kept * len(content)) if kept < 1 else int(kept)])
    mistake(shell("predict", trained, stdin=b"a\n"), part)


@pytest.mark.parametrize("part", PARTS)
def test_a_folder_with_a_file_from_elsewhere(part: str, shell: Shell, trained: Path) -> None:
    (trained / part).write_text('{"kind": "recipe", "title": "Gugelhupf"}', encoding="utf-8")
    mistake(shell("predict", trained, stdin=b"a\n"), part)


def test_weights_of_another_model(shell: Shell, trained: Path) -> None:
    run = json.loads((trained / "run.json").read_text())
    run["settings"]["decoder_size"] = 48
    (trained / "run.json").write_text(json.dumps(run))
    mistake(shell("predict", trained, stdin=b"a\n"), "model.safetensors", "run.json")


def test_a_folder_of_something_else(shell: Shell, tmp_path: Path) -> None:
    mistake(shell("predict", tmp_path, stdin=b"a\n"), "run.json", "unspool train")
    mistake(shell("evaluate", tmp_path / "nowhere", tmp_path / "x.tsv"), "nowhere", "unspool train")


def test_more_answers_than_the_beam_is_wide(shell: Shell, trained: Path) -> None:
    mistake(shell("predict", trained, "--n-best", 3, "--beam", 2, stdin=b"a\n"), "--beam 3")


def test_empty_sides_and_overlong_lines_are_skipped_counted_and_said(shell: Shell, tmp_path: Path) -> None:
    path = table(tmp_path, GOOD + b"\tv\nw\t\n" + b"x" * 100_000 + b"\ty\n")
    said = shell("train", path, "--out", tmp_path / "out", *TINY, "--set", "training.max_updates=1")
    assert said.code == 0, said
    assert "empty: 2" in said.err and "line 31" in said.err
    assert "20,000 characters: 1" in said.err and "line 33" in said.err


def test_a_loss_that_is_no_number_stops_and_keeps_the_last_good_checkpoint(shell: Shell, trained: Path) -> None:
    checkpoint = trained / "checkpoints" / "last.safetensors"
    before = checkpoint.read_bytes()
    more = ["--resume", "--out", trained, "--set", "training.max_updates=90"]
    wild = ["--set", "training.learning_rate=1e30", "--set", "training.clip_norm=0"]
    mistake(shell("train", *more, *wild), "no longer a number", "--set training.learning_rate=")
    assert checkpoint.read_bytes() == before
    assert shell("train", *more, "--set", "training.learning_rate=0.01").code == 0
    assert checkpoint.read_bytes() != before


def test_data_that_changed_cannot_be_resumed_on(shell: Shell, pairs: Path) -> None:
    out = pairs.parent / "out"
    assert shell("train", pairs, "--out", out, *TINY).code == 0
    pairs.write_text(pairs.read_text() + "new\twen\n")
    mistake(shell("train", "--resume", "--out", out), "has changed", "--from")


def test_a_full_disk_is_said_and_leaves_what_was_there(
    shell: Shell, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    checkpoint = trained / "checkpoints" / "last.safetensors"
    before = checkpoint.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    mistake(
        shell("train", "--resume", "--out", trained, "--set", "training.max_updates=70"), "disk is full", "--resume"
    )
    assert checkpoint.read_bytes() == before and not list(trained.rglob("*.partial"))


def test_a_fault_of_ours_says_so_without_a_traceback(
    shell: Shell, pairs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unspool.data.description.describe", lambda *tables: 1 / 0)
    said = shell("describe", pairs)
    assert said.code == 1 and "This is a bug in unspool: ZeroDivisionError" in said.err and "Traceback" not in said.err


CHANGES = {
    "model settings": ["--set", "model.encoder_size=64"],
    "model": ["--model", "bahdanau"],
    "data": ["--columns", "source=2,target=1"],
    "seed": ["--seed", "9"],
    "batch_symbols": ["--set", "training.batch_symbols=99"],
    "--from": ["--from", "elsewhere"],
    "--overwrite": ["--overwrite"],
    "device": ["--device", "abacus"],
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_resume_that_would_not_go_on_as_it_was_is_refused_and_changes_nothing(
    name: str, shell: Shell, trained: Path
) -> None:
    before = {path: path.read_bytes() for path in trained.rglob("*") if path.is_file()}
    mistake(shell("train", "--resume", "--out", trained, *CHANGES[name]), name)
    assert before == {path: path.read_bytes() for path in trained.rglob("*") if path.is_file()}


START = {
    "another model": (["--model", "bahdanau"], "holds a luong"),
    "another tokenizer": (["--columns", "source=1:jamo,target=2"], "chars"),
    "more columns": (["--columns", "source=1+2,target=2"], "auto+auto"),
}


@pytest.mark.parametrize("name", START)
def test_weights_of_another_run_are_not_bent_to_what_they_were_not_trained_for(
    name: str, shell: Shell, trained: Path, pairs: Path
) -> None:
    flags, word = START[name]
    mistake(shell("train", pairs, "--from", trained, "--out", pairs.parent / "out", *flags), str(trained), word)


@pytest.mark.parametrize("part", ["model.safetensors", "source.tokenizer.json", "target.tokenizer.json"])
def test_a_file_of_another_run_is_noticed_even_where_the_sizes_agree(
    part: str, shell: Shell, trained: Path, pairs: Path
) -> None:
    shouted = pairs.with_name("shouted.tsv")
    shouted.write_text(pairs.read_text().upper())
    other = pairs.parent / "other"
    assert shell("train", shouted, "--out", other, *TINY).code == 0
    (trained / part).write_bytes((other / part).read_bytes())
    mistake(shell("predict", trained, stdin=b"bade\n"), "model.safetensors")


def test_weights_that_broke_never_become_the_best(shell: Shell, pairs: Path) -> None:
    out = pairs.parent / "out"
    wild = [
        "--set",
        "training.learning_rate=1e38",
        "--set",
        "training.warmup_updates=0",
        "--set",
        "training.max_updates=1",
    ]
    mistake(shell("train", pairs, "--out", out, *TINY, *wild), "no longer a number")
    assert not (out / "model.safetensors").exists()
    mild = ["--set", "training.learning_rate=0.01", "--set", "training.max_updates=5"]
    assert shell("train", "--resume", "--out", out, *mild).code == 0


def test_a_recipe_does_not_touch_the_folder_of_another_run(shell: Shell, trained: Path) -> None:
    mistake(shell("run", "g2p", "--out", trained), "another run")


@pytest.mark.parametrize("recipe", ["g2p", "story"])
@pytest.mark.parametrize("minutes", ["0", "-1", "inf", "nan"])
def test_a_recipe_refuses_a_time_that_is_none_before_it_makes_anything(
    recipe: str, minutes: str, shell: Shell, tmp_path: Path
) -> None:
    mistake(shell("run", recipe, "--out", tmp_path / "out", f"--max-minutes={minutes}"), "cannot learn for")
    assert not (tmp_path / "out").exists()
