"""Handwriting: a network that writes texts by hand, and one that reads them, on ink in several fonts and hands.

The ink is drawn in Hershey's fonts as if by hand (`ink.hershey`), and the texts are lines of Python's documentation.
The writer is Graves's synthesis network; the reader is an attention model on the same data turned round. The writer's
lines are given to the reader, so that each checks the other. All results are stored in the folder, so a second call
prints them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from unspool import folder as disk
from unspool.data.drawings import read, write_drawings
from unspool.ink import output
from unspool.ink.drawing import Drawing
from unspool.ink.hershey import FONTS, Hand, written, written_lines
from unspool.ink.sentences import lines
from unspool.metrics.symbol_error_rate import edit_distance
from unspool.model import Model
from unspool.recipes.held_out import SplitFiles
from unspool.recipes.program import program
from unspool.recipes.training import Screen, evaluate, resume, train
from unspool.storage.atomic import replace
from unspool.writing import write_text

MINUTES = 48.0
# The reader gets this share of the writer's minutes, besides.
READER = 0.2
COUNTS = {"train": 8000, "valid": 200, "test": 200}
# Of a line. An update takes as long as its longest line, so that short ones give more updates in the same minutes.
CHARACTERS = (10, 22)
CHECKED = 50
BIAS = 1.0
WRITER: dict[str, dict[str, Any]] = {
    "model": {"name": "synthesis", "size": 160, "layers": 2, "dropout": 0.0},
    "data": {"source_tokenizer": "chars", "max_target": 1200},
    "training": {"batch_symbols": 4096, "learning_rate": 4e-3, "averaging": 0.995},
}
READS: dict[str, dict[str, Any]] = {
    "model": {"name": "luong", "embedding_size": 64, "encoder_size": 128, "decoder_size": 128},
    "data": {"target_tokenizer": "chars", "max_source": 1200},
    "training": {"batch_symbols": 8192},
}
SHOWN = ("Hello, world!", "Written by a network,", "one point at a time.")


def run(out: Path, minutes: float | None, screen: Screen) -> str:
    """Train or resume writer and reader, evaluate both, and return the text to show."""
    data = write_ink(out / "data", screen.say)
    writer = _trained(out, data, WRITER, minutes, MINUTES, screen)
    screen.say("The reader: the same ink, turned round …")
    share = None if minutes is None else minutes * READER
    reader = _trained(out / disk.READER, data, READS, share, MINUTES * READER, screen)
    screen.say("Evaluating on lines that training never saw …")
    figures = evaluate(writer, data.test, out, screen)
    figures |= read_back(writer, reader, data.test)
    disk.write_json(out / disk.EVALUATION, figures)
    sheet = out / "sample.svg"
    samples = sample_lines(writer, reader)
    output.write_lines(sheet, samples, animated=True)
    output.write_lines(out / "sample.png", samples)
    text = show(figures, out, sheet)
    replace(out / disk.SUMMARY, text.encode())
    return text


def write_ink(folder: Path, say: Callable[[str], None]) -> SplitFiles:
    """Write train.npz, valid.npz and test.npz; no line is in two of them."""
    data = SplitFiles(*(folder / f"{name}.npz" for name in COUNTS))
    if not all(path.exists() for path in data):
        texts = _texts(sum(COUNTS.values()))
        rest = iter(texts)
        for seed, (count, path) in enumerate(zip(COUNTS.values(), data, strict=True)):
            drawn = list(written_lines(islice(rest, count), seed))
            write_drawings(path, [line.points for line in drawn], [line.text or "" for line in drawn])
        say(f"{len(texts):,} lines in {len(FONTS)} fonts and many hands; {COUNTS['test']:,} held out for the metrics.")
    return data


def _texts(count: int) -> list[str]:
    """Different lines of all lengths, in any order."""
    known = [*dict.fromkeys(line for longest in CHARACTERS for line in lines(count, seed=1, longest=longest))]
    return [known[number] for number in np.random.default_rng(1).permutation(len(known))[:count]]


def read_back(writer: Model, reader: Model, test: Path) -> dict[str, float]:
    """Character error rates in percent of the reader, on ink of the data and on ink that the writer drew."""
    known = [line for line in read(test) if line.text][:CHECKED]
    texts = [line.text or "" for line in known]
    drawn = write_text(writer.predictor, "\n".join(texts), characters=max(CHARACTERS), bias=BIAS).lines
    own = [line.points for line in drawn if line is not None]
    return {
        "character_error_rate": error_rate(texts, reader, [line.points for line in known]),
        "written_character_error_rate": error_rate(texts, reader, own),
        "read_lines": len(texts),
    }


def error_rate(texts: Sequence[str], reader: Model, ink: Sequence[Any]) -> float:
    """Errors of what a reader reads, in percent of the characters."""
    answers = [prediction.text for prediction in reader.predict(ink)]
    errors = sum(edit_distance(text, answer) for text, answer in zip(texts, answers, strict=True))
    return round(100 * errors / sum(map(len, texts)), 2)


def sample_lines(writer: Model, reader: Model) -> list[Drawing | None]:
    """Lines of the writer that the reader reads best: without a given hand, and in the hand of a line in each font."""
    options: dict[str, Any] = {"bias": BIAS, "reader": reader.predictor}
    found = [*write_text(writer.predictor, "\n".join(SHOWN), **options).lines]
    for font in FONTS:
        given = written("The hand to follow", Hand(font), np.random.default_rng(1))
        found += [None, given, *write_text(writer.predictor, SHOWN[0], style=given, **options).lines]
    return found


def show(figures: dict[str, Any], out: Path, sheet: Path) -> str:
    """The text at the end: metrics, the sample, and the next command."""
    command, n = program(), figures["n"]
    nats = f"{figures['nll']:.2f} ({figures['nll_low']:.2f} to {figures['nll_high']:.2f})"
    real, own = figures["character_error_rate"], figures["written_character_error_rate"]
    lines = [f"On {n:,} held-out points of ink: {nats} nats a point.", ""]
    lines += [f"Of {figures['read_lines']} lines the reader has wrong, in % of the characters:", ""]
    lines += [
        f"  ink of the data                {real:5.1f}",
        f"  ink of the writer, bias {BIAS:g}      {own:5.1f}",
        "",
    ]
    lines += [f"A sample that writes itself in a browser: {sheet}", f"All metrics: {out / disk.EVALUATION}", ""]
    lines += ["Next, a text of your own:"]
    lines += [f'  {command} write {out} "Dear reader, how are you?" --bias 1 --animate --out letter.svg']
    lines += ["And your own hand:", f"  {command} hand hand.html"]
    return "\n".join(lines)


def _trained(
    out: Path,
    data: SplitFiles,
    settings: dict[str, dict[str, Any]],
    minutes: float | None,
    usual: float,
    screen: Screen,
) -> Model:
    if disk.holds_a_run(out):
        return resume(out, data.files, minutes, screen)
    return train(out, data.files, settings, usual if minutes is None else minutes, screen)
