"""Settings of training that a person turns on with one flag each, from the command line to the answers."""

from __future__ import annotations

from pathlib import Path

from keyboard import TINY, Said, Shell


def mistake(said: Said, *words: str) -> None:
    assert said.code == 2 and said.out == "", said
    assert all(word in said.err for word in words), said.err


def test_find_rate_prints_a_setting_draws_a_picture_and_leaves_the_rest_alone(
    shell: Shell, trained: Path, pairs: Path
) -> None:
    picture = trained.parent / "rates.png"
    before = {path: path.read_bytes() for path in trained.parent.rglob("*") if path.is_file()}
    said = shell("train", pairs, "--out", trained, "--find-rate", picture, *TINY)
    assert said.code == 0, said
    key, _, value = said.out.strip().partition("=")
    assert key == "training.learning_rate" and 1e-4 < float(value) < 1
    assert picture.read_bytes().startswith(b"\x89PNG")
    after = {path: path.read_bytes() for path in trained.parent.rglob("*") if path.is_file() and path != picture}
    assert after == before


def test_find_rate_refuses_what_it_cannot_do(shell: Shell, pairs: Path) -> None:
    picture = pairs.parent / "rates.png"
    mistake(shell("train", pairs, "--find-rate", picture.with_suffix(".txt"), *TINY), "rates.txt", "rates.png")
    mistake(shell("train", pairs, "--find-rate", picture, "--resume", *TINY), "--resume", "--find-rate")
    assert not picture.exists()


def test_a_run_needs_a_folder(shell: Shell, pairs: Path) -> None:
    mistake(shell("train", pairs, *TINY), "--out DIR")


TIED = ["--set", "model.tie_embeddings=true", "--set", "model.tie_output=true"]


def test_tied_weights_need_one_vocabulary_and_then_train_answer_and_export(shell: Shell, pairs: Path) -> None:
    out = pairs.parent / "tied"
    pairs.write_text(pairs.read_text() + "data\tdata!\n")
    mistake(shell("train", pairs, "--out", out, *TINY, *TIED), "data.shared_vocabulary=true")
    assert not out.exists()
    said = shell("train", pairs, "--out", out, *TINY, *TIED, "--set", "data.shared_vocabulary=true")
    assert said.code == 0 and "Both sides are read as chars" in said.err, said
    assert (out / "source.tokenizer.json").read_bytes() == (out / "target.tokenizer.json").read_bytes()
    exported = shell("export", out, "--to", "onnx", "--out", out / "onnx")
    assert exported.code == 0, exported
    for folder in (out, out / "onnx"):
        answered = shell("predict", folder, pairs.parent / "words.txt")
        assert answered.code == 0 and len(answered.out.splitlines()) == 40, answered


def test_two_tokenizers_cannot_share_a_vocabulary(shell: Shell, pairs: Path) -> None:
    unlike = ["--set", "data.source_tokenizer=chars", "--set", "data.target_tokenizer=words"]
    said = shell("train", pairs, "--out", pairs.parent / "x", *TINY, *unlike, "--set", "data.shared_vocabulary=true")
    mistake(said, "chars, words")


def test_vectors_from_a_file_are_found_and_counted(shell: Shell, pairs: Path) -> None:
    out, vectors = pairs.parent / "run", pairs.parent / "letters.vec"
    vectors.write_text("a " + "1 " * 16 + "\nb " + "2 " * 16 + "\n")
    said = shell("train", pairs, "--out", out, *TINY, "--set", f"data.source_vectors={vectors}")
    assert said.code == 0 and f"{vectors} holds 2 of the " in said.err, said
    wide = shell("train", pairs, "--out", out, "--overwrite", *TINY, "--set", f"data.target_vectors={vectors}",
                 "--set", "model.embedding_size=8")  # fmt: skip
    mistake(wide, "16 numbers each", "model.embedding_size=16")


def test_a_decoder_learns_from_its_own_choices_with_locked_and_recurrent_dropout(shell: Shell, pairs: Path) -> None:
    settings = {
        "training.feeding": "scheduled", "training.decay": "inverse_sigmoid", "training.decay_constant": "10",
        "training.teacher_until": "20", "model.locked_dropout": "true", "model.recurrent_dropout": "0.2",
        "model.input_feeding": "true",
    }  # fmt: skip
    flags = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
    said = shell("train", pairs, "--out", pairs.parent / "run", *TINY, *flags)
    assert said.code == 0 and "60 updates" in said.err, said
