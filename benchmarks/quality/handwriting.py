"""Ink of a writer: what tesseract and our reader read in it, the window's way over the text, and a primer's hand."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from unspool.data.arrays import write_arrays
from unspool.data.drawings import read
from unspool.ink import png
from unspool.ink.drawing import Drawing
from unspool.ink.hershey import FONTS, random_hand, written
from unspool.ink.sentences import lines
from unspool.ink.sheet import laid_out
from unspool.metrics.symbol_error_rate import edit_distance
from unspool.model import Model, load
from unspool.writing import Written, write_text

TESSERACT = "tesseract"
# Lines that a classifier of fonts learns from, its minutes, and lines written after each primer.
LEARNED, MINUTES, AFTER = 800, 2.0, 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="the folder of `unspool run handwriting`")
    parser.add_argument("--lines", type=int, default=50, help="unseen lines")
    parser.add_argument("--bias", type=float, default=1.0)
    parser.add_argument("--primers", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    writer = load(given.model)
    real = [line for line in read(given.model / "data" / "test.npz") if line.text][: given.lines]
    texts = [line.text or "" for line in real]
    reader = load(given.model / "reader")
    asked = {"characters": 1000, "bias": given.bias, "seed": given.seed}
    drawn = write_text(writer.predictor, "\n".join(texts), **asked)
    chosen = write_text(writer.predictor, "\n".join(texts), reader=reader.predictor, **asked)
    inks = real, _all(drawn), _all(chosen)
    print("| characters read wrong, % | ink of the data | written ink | the most legible of 8 |\n|---|---:|---:|---:|")
    if shutil.which(TESSERACT):
        print(_row("tesseract", texts, *([_read(line) for line in ink] for ink in inks)))
    else:
        print(f"{TESSERACT} is not installed: no independent reader (Debian: apt-get install tesseract-ocr).")
    answers = ([answer.text for answer in reader.predict([line.points for line in ink])] for ink in inks)
    print(_row("our reader, which chose", texts, *answers))
    print(f"\nThe window reached {reached(drawn):.1f} % of all letters, in {whole(drawn)} of {len(texts)} lines all.")
    right, all_lines = primed(writer, given.primers, given.bias, given.seed)
    print(
        f"The primer's font was named for {right} of {all_lines} lines; by chance it is {all_lines / len(FONTS):.0f}."
    )


def _row(name: str, texts: Sequence[str], *answers: Sequence[str]) -> str:
    rates = [100 * sum(map(edit_distance, texts, some)) / sum(map(len, texts)) for some in answers]
    return f"| {name} | {' | '.join(f'{rate:.1f}' for rate in rates)} |"


def _all(drawn: Written) -> list[Drawing]:
    return [line for line in drawn.lines if line is not None]


def _read(line: Drawing) -> str:
    """What tesseract reads in a line of ink."""
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "line.png"
        picture.write_bytes(png.write(laid_out([line])))
        told = subprocess.run([TESSERACT, picture, "stdout", "--psm", "7"], capture_output=True, text=True, check=False)
    return " ".join(told.stdout.split())


def reached(drawn: Written) -> float:
    """The share of letters that the window reached, in percent."""
    return 100 * float(np.mean([letter for window in drawn.windows for letter in window.reached]))


def whole(drawn: Written) -> int:
    """The number of lines whose every letter was reached."""
    return sum(bool(window.reached.all()) for window in drawn.windows)


def primed(writer: Model, primers: int, bias: float, seed: int) -> tuple[int, int]:
    """How many lines written after primers have the primer's font, as a classifier says, and of how many."""
    draw = np.random.default_rng(seed)
    texts = lines(LEARNED + primers * (AFTER + 1), seed=seed + 100, longest=20)
    with tempfile.TemporaryDirectory() as folder:
        classifier = _classifier(texts[:LEARNED], Path(folder), draw)
        right = 0
        for number in range(primers):
            primer_text, *others = texts[LEARNED + number * (AFTER + 1) :][: AFTER + 1]
            font = FONTS[number % len(FONTS)]
            primer = written(primer_text, random_hand(draw, (font,)), draw)
            found = write_text(writer.predictor, "\n".join(others), characters=1000, style=primer, bias=bias, seed=seed)
            right += sum(answer.text == font for answer in classifier.predict([line.points for line in _all(found)]))
    return right, primers * AFTER


def _classifier(texts: Sequence[str], folder: Path, draw: np.random.Generator) -> Any:
    import unspool

    drawn = [written(text, random_hand(draw), draw) for text in texts]
    write_arrays(
        folder / "fonts.npz", [line.points for line in drawn], [(line.style or "").split()[0] for line in drawn]
    )
    return unspool.train(
        folder / "fonts.npz", model="classifier", out=folder / "run", max_minutes=MINUTES, progress=False
    )


if __name__ == "__main__":
    main()
