"""Spelling to pronunciation: English from the CMU Pronouncing Dictionary, or any language from a file of its own.

A small attention model learns `H E L L O → HH AH L OW`. Some words are held out for validation, and others for the
metrics at the end; a hash of the word decides which ones. All results are stored in the folder, so a second call
prints them at once.

A language's file is one of SIGMORPHON's: a word, a tab, its sounds with spaces between them, on each line. Several
lines for one word are its pronunciations. Hangul is read letter by letter. Its figure stands beside that of a joint
n-gram model, which needs no network.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from unspool import folder as disk
from unspool.data.files import read_lines
from unspool.data.inputs import Files
from unspool.data.lines import without_ending
from unspool.errors import Mistake
from unspool.explain.attention import heat_map
from unspool.measured import Measured
from unspool.model import Model
from unspool.recipes.beside import Verdict, figure_lines, known_pairs, stand_beside
from unspool.recipes.held_out import HeldOut, HeldOutShare, KeyedLine, tables_in, write_tables
from unspool.recipes.program import program
from unspool.recipes.pronouncing_dictionary import Entries, read_dictionary
from unspool.recipes.training import Screen, evaluate, has_own_data, least_confidence, resume, sure_line, train
from unspool.rivals import joint_ngram
from unspool.storage.atomic import replace

MINUTES = 4.0
HELD_OUT = 2000
# The share of a language's words that are held out for the figures, and as many for validation.
SHARE = 0.1
# As in configs/cmudict-quick.toml.
SETTINGS: dict[str, dict[str, Any]] = {
    "model": {
        "name": "luong", "embedding_size": 128, "encoder_size": 256, "encoder_layers": 2, "decoder_size": 256,
        "dropout": 0.1, "embedding_dropout": 0,
    },
    "data": {"source_tokenizer": "chars", "target_tokenizer": "words"},
    "training": {"batch_symbols": 4096, "optimizer": "muon", "learning_rate": 4e-3, "averaging": 0.996},
}  # fmt: skip
# Of a language, whose number of words is not known, the settings are those that suit its data.
OF_A_LANGUAGE: dict[str, dict[str, Any]] = {"data": {"target_tokenizer": "words"}, "training": {}}
# Words of the dictionary, and invented or rare words.
SHOWN = ("HELLO", "WORLD", "THOUGH", "KNIGHT", "COLONEL", "UNSPOOL", "BLICKET", "GRONTISH", "ZYXOMMA", "PHLOGISTONAUT")
PICTURED = "KNIGHT"
COUNT = 10
METRICS = ("exact_match", "symbol_error_rate")


def run(out: Path, minutes: float | None, screen: Screen, data: Path | None = None) -> str:
    """Train or resume, evaluate, and return the text to show. data: the file of a language."""
    files, own = write_words(out / "data", data, screen.say), has_own_data(out, data)
    if disk.holds_a_run(out):
        _check_ours(out, files)
        model = resume(out, files, minutes, screen)
    else:
        settings = OF_A_LANGUAGE if own else SETTINGS
        model = train(out, files, settings, MINUTES if minutes is None else minutes, screen)
    screen.say("Evaluating on words that training never saw …")
    sure = least_confidence(model)
    figures = evaluate(model, out / "data" / "test.tsv", out, screen, beam=5, lexicon=False, at_least=sure)
    words: Sequence[str] = held_out_words(out) if own else SHOWN
    pictured = words[0] if own else PICTURED
    picture = out / "attention.png"
    for note in heat_map(model.predict([pictured], beam=5, lexicon=False)[0], picture):
        screen.say(note)
    lines = ["", beside_ngrams(model, figures, out, screen)] if own else []
    text = show(model, figures, out, words, lines)
    replace(out / disk.SUMMARY, text.encode())
    return text


def _check_ours(out: Path, files: Files) -> None:
    _, metadata = disk.read_run(out)
    if Files.from_json(metadata.files, out.absolute()).paths() != [path.absolute() for path in files.paths()]:
        raise Mistake(f"{out} holds another run.", "Give another folder: --out runs/another")


def write_words(folder: Path, data: Path | None, say: Callable[[str], None]) -> Files:
    """Write train.tsv, valid.tsv and test.tsv; no word is in two of them."""
    share = HeldOutShare(1.0, HELD_OUT) if data is None else HeldOutShare(SHARE, HELD_OUT)
    held = HeldOut(share, share, ("word", "words"))
    what = "the CMU Pronouncing Dictionary" if data is None else str(data)

    def rows() -> list[KeyedLine]:
        entries = read_dictionary() if data is None else read_language(data)
        return [KeyedLine(word, f"{word}\t{sounds}") for word in sorted(entries) for sounds in entries[word]]

    return write_tables(tables_in(folder, ".tsv"), rows, held, what, say)


def read_language(path: Path) -> Entries:
    """The words of a language's file with their pronunciations; a line of another form is a `Mistake`."""
    entries: Entries = {}
    for number, ended in enumerate(read_lines(path), 1):
        line = without_ending(ended)
        word, *sounds = line.split("\t")
        if not line.strip():
            continue
        if len(sounds) != 1 or not word.strip() or not sounds[0].strip():
            what = f"{path}, line {number}: '{line[:60]}' is not a word, a tab and its sounds."
            raise Mistake(what, "Write the sounds with spaces between them: hello, a tab, h ə l oʊ")
        pronunciation = " ".join(sounds[0].split())
        listed = entries.setdefault(word.strip(), [])
        if pronunciation not in listed:
            listed.append(pronunciation)
    return entries


def held_out_words(out: Path) -> list[str]:
    """The first held-out words."""
    lines = (out / "data" / "test.tsv").read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(line.split("\t")[0] for line in lines))[:COUNT]


def beside_ngrams(model: Model, figures: Measured, out: Path, screen: Screen) -> str:
    """A sentence that compares the network with a joint n-gram model."""
    rival = joint_ngram.fit(known_pairs(model, out / "data" / "train.tsv"))
    return stand_beside(
        rival, "joint_ngram", Verdict("a joint n-gram model", "결합 n-gram 모델"), model, figures, out, screen
    )


def show(model: Model, figures: Measured, out: Path, words: Sequence[str], verdict: Sequence[str]) -> str:
    """The text at the end: metrics, words, a picture, and the next command."""
    lines = [f"On {figures['n']:,} held-out words, beam 5 (95 % intervals):", ""]
    lines += [*figure_lines(figures, METRICS), *filter(None, [sure_line(figures)]), *verdict, ""]
    lines += ["Ten words, the last five invented or rare:" if words is SHOWN else "Held-out words:", ""]
    lines += [f"  {answer.source:<14} {answer.text}" for answer in model.predict(words, beam=5)]
    pictured = PICTURED if words is SHOWN else words[0]
    lines += ["", f"Attention for {pictured}: {out / 'attention.png'}"]
    lines += [f"All metrics: {out / disk.EVALUATION}", "", "Next, type a word of your own:"]
    typed = "SEQUENCE" if words is SHOWN else words[-1]
    lines += [f"  echo {typed} | {program()} predict {out} --beam 5"]
    return "\n".join(lines)
