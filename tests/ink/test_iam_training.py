"""Graves's own scale on the database's own folders, made up here: a few updates, and nats a line."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import unspool
from documented import REPOSITORY
from unspool.ink.hershey import Hand, written

TEXTS = ["A MOVE to stop", "Mr. Gaitskell", "from nominating", "any more Labour"]
POINT = '<Point x="{x:.0f}" y="{y:.0f}" time="{time:.2f}"/>'


def write_form(folder: Path, number: int) -> None:
    """One form of four lines: its strokes in lineStrokes, its text in ascii."""
    form, draw = f"a{number:02}-000", np.random.default_rng(number)
    strokes, texts = folder / "lineStrokes" / form[:3] / form, folder / "ascii" / form[:3] / form
    strokes.mkdir(parents=True)
    texts.mkdir(parents=True)
    (texts / f"{form}u.txt").write_text("OCR:\n\nnothing\n\nCSR:\n\n" + "\n".join(TEXTS) + "\n")
    for line, text in enumerate(TEXTS, 1):
        drawn = [stroke * 60 + (900, 1200 * line) for stroke in written(text, Hand("futural"), draw).strokes()]
        xml = "".join(
            f'<Stroke colour="black">{"".join(POINT.format(x=x, y=y, time=0.01) for x, y in stroke)}</Stroke>'
            for stroke in drawn
        )
        head = '<?xml version="1.0" encoding="ISO-8859-1"?><WhiteboardCaptureSession><StrokeSet>'
        (strokes / f"{form}u-{line:02}.xml").write_text(f"{head}{xml}</StrokeSet></WhiteboardCaptureSession>")


def test_the_published_settings_but_narrower_train_on_the_folders_as_they_come(tmp_path: Path) -> None:
    write_form(tmp_path / "iam", 1)
    model = unspool.train(
        tmp_path / "iam", config=REPOSITORY / "configs" / "iam-ondb.toml", out=tmp_path / "run", progress=False,
        settings={
            "model.size": 40, "training.max_updates": 1, "training.batch_symbols": 1024, "training.precision": "fp32",
        },
    )  # fmt: skip
    figures = model.evaluate(tmp_path / "iam")
    points = figures["n"] / len(TEXTS)
    assert np.isclose(figures["nll_per_sequence"], figures["nll"] * points, rtol=1e-3)
    # On the scale of the data: a pen that moves by some 15 units a point cannot be known to less than a nat or two.
    assert figures["nll"] > 3
