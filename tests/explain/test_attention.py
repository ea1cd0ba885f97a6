"""A picture of attention is a PNG, in any script; a model without attention has none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from unspool.answers.answer import Answer, Prediction
from unspool.errors import Mistake
from unspool.explain.attention import heat_map

WEIGHTS = np.array([[0.9, 0.1], [0.2, 0.8], [0.0, 1.0]])


@pytest.mark.parametrize("symbols", [("a", " "), ("ㅎ", "ㅏ")])
def test_a_picture_is_written_and_what_it_cannot_show_is_said(symbols: tuple[str, str], tmp_path: Path) -> None:
    prediction = Prediction("".join(symbols), list(symbols), [Answer("x y", -0.1, ["x", "y"], WEIGHTS)])
    notes = heat_map(prediction, tmp_path / "deep" / "picture.png")
    assert (tmp_path / "deep" / "picture.png").read_bytes().startswith(b"\x89PNG")
    assert all("Korean" in note for note in notes) and not (notes and symbols[0] == "a")


def test_no_attention_no_picture(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="no attention"):
        heat_map(Prediction("a", ["a"], [Answer("x", -0.1, ["x"], None)]), tmp_path / "picture.png")
