"""A writer and a reader of ink learn an alphabet of three letters; a drawing ends by itself, also without PyTorch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import unspool
from unspool.errors import Mistake
from unspool.model import Model
from unspool.types import Array

# The strokes of each letter, as steps of the pen.
LETTERS = {
    "a": [[(1, 0), (0, 1), (-1, 0), (0, -1)]],
    "b": [[(0, 2), (1, 0), (0, -1)]],
    "c": [[(1, 1), (1, -1)], [(0, -1)]],
}
SETTINGS = {
    "training.max_updates": 300, "training.learning_rate": 0.008, "training.warmup_updates": 10,
    "training.averaging": 0.9, "training.precision": "fp32", "training.batch_symbols": 512,
    "model.size": 48, "model.layers": 2, "model.dropout": 0.0, "model.components": 4,
}  # fmt: skip


def drawn(text: str, draw: np.random.Generator) -> Array:
    """A text as ink, with an unsteady hand."""
    points = [
        (*(3.0 * np.array(step) + draw.normal(0, 0.1, 2)), float(place == len(stroke) - 1))
        for letter in text
        for stroke in LETTERS[letter]
        for place, step in enumerate(stroke)
    ]
    return np.array(points)


def pairs(count: int, seed: int) -> list[tuple[str, Array]]:
    draw = np.random.default_rng(seed)
    texts = ["".join(draw.choice([*LETTERS], draw.integers(1, 5))) for _ in range(count)]
    return [(text, drawn(text, draw)) for text in texts]


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Model:
    out = tmp_path_factory.mktemp("ink") / "writer"
    return unspool.train(pairs(300, 1), out=out, model="synthesis", settings=SETTINGS, progress=False)


def test_a_writer_writes_each_letter_and_stops(writer: Model) -> None:
    texts = [text for text, _ in pairs(20, 4)]
    wrong, right = [], []
    for answer, text in zip(writer.predict(texts, sample=True, bias=2.0), texts, strict=True):
        assert answer.values is not None and answer.hypotheses[0].finished and answer.values[-1, 2] == 1
        assert answer.hypotheses[0].attention.shape == (len(answer.values), len(text))
        right.append(sum(len(stroke) for letter in text for stroke in LETTERS[letter]))
        wrong.append(abs(len(answer.values) - right[-1]))
    assert sum(wrong) < 0.45 * sum(right), (wrong, right)


def test_likelihoods_are_those_of_a_hand_that_is_known(writer: Model) -> None:
    figures = writer.evaluate(pairs(40, 2))
    # The hand itself has 2 log(0.1 √(2πe)) = -1.77 nats a point, and the writer knows the letters.
    assert -1.8 < figures["nll"] < -0.8, figures
    points = np.mean([len(ink) for _, ink in pairs(40, 2)])
    assert figures["nll_per_sequence"] == pytest.approx(figures["nll"] * points, rel=1e-3)


def test_a_prime_is_text_and_ink_and_what_is_written_is_the_rest(writer: Model) -> None:
    text, ink = pairs(1, 3)[0]
    (answer,) = writer.predict(["ab"], prime=(text, ink), sample=True, bias=2.0)
    assert answer.source == f"{text} ab" and answer.values is not None and 0 < len(answer.values) < 20
    with pytest.raises(Mistake, match="neither down nor up"):
        writer.predict(["ab"], prime=(text, ink + 0.5))


def test_a_drawing_is_continued(tmp_path: Path) -> None:
    drawings = [("", ink) for _, ink in pairs(200, 1)]
    settings = SETTINGS | {"training.max_updates": 60}
    model = unspool.train(drawings, out=tmp_path / "run", model="graves", settings=settings, progress=False)
    new, further = model.predict([np.zeros((0, 3)), drawings[0][1][:3]], sample=True)
    assert new.values is not None and further.values is not None and len(new.values) and len(further.values)
    assert model.evaluate(drawings[:20])["nll"] < 4.0  # one Gaussian for all points has 5
    with pytest.raises(Mistake, match="A graves goes on with ink") as caught:
        model.predict([np.zeros((0, 3))], prime=("a", drawings[0][1]))
    assert "\n" not in caught.value.what


def test_a_reader_reads_what_was_drawn(tmp_path: Path) -> None:
    turned = [(ink, text) for text, ink in pairs(300, 1)]
    settings = {"data.source_tokenizer": "ink", "training.max_updates": 5, "model.size": 16}
    model = unspool.train(turned, out=tmp_path / "run", model="luong", settings=settings, progress=False)
    assert model.fields.task == ("ink", "text") and model.predict([turned[0][0]])[0].text is not None
