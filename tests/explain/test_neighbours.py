"""Nearest training pairs: a model's own answer is nearest to itself, and a page marks the symbol in its place."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import unspool
from servers import MODELS
from unspool.data.corpus import RawPair
from unspool.data.inputs import Files
from unspool.errors import Mistake
from unspool.explain.neighbour_files import write_neighbours
from unspool.explain.neighbours import NEAREST, TOGETHER, AnswerNeighbours, Neighbour, find_neighbours
from unspool.predictor import Predictor

FILES = {"luong": "pairs.tsv", "transformer": "pairs.tsv", "han": "labels.tsv",
         "tagger": "tags.tsv"}  # fmt: skip


def opened(name: str) -> tuple[Predictor, list[RawPair]]:
    model = unspool.load(MODELS / name / "trained", "cpu", "torch")
    return model.predictor, model.pairs(Files((MODELS / FILES[name],))).pairs[: TOGETHER + 5]


@pytest.mark.parametrize("name", FILES)
def test_an_answer_is_nearest_to_itself(name: str) -> None:
    predictor, pairs = opened(name)
    sources, done = [pairs[0].source, pairs[3].source], list[int]()
    own = [RawPair(source, predictor.predict([source])[0].text, 0) for source in sources]
    found = find_neighbours(predictor, sources, [*pairs, *own], done.append)
    assert sum(done) == len(pairs) + 2 and [one.text for one in found] == [pair.target for pair in own]
    for one in found:
        assert len(one.nearest) == len(one.tokens)
        for step, neighbours in enumerate(one.nearest):
            shares = [neighbour.similarity for neighbour in neighbours]
            assert len(shares) == NEAREST and shares == sorted(shares, reverse=True)
            assert shares[0] == pytest.approx(1, abs=1e-4)
            for each in neighbours:
                assert each.place < len(each.tokens)
                if each.line == 0 and each.source == one.source and not np.isclose(shares[0], shares[1]):
                    assert each.tokens[each.place] == one.tokens[step]


def found_by_hand(token: str) -> AnswerNeighbours:
    near = [Neighbour("a<b", ["x", token, "</s>"], 1, 0.5, 7) for _ in range(NEAREST)]
    return AnswerNeighbours("a<b", "x", [token], [near])


def test_a_page_marks_the_symbol_and_shows_text_as_text(tmp_path: Path) -> None:
    write_neighbours([found_by_hand("<i>")], tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.count("<mark>&lt;i&gt;</mark>") == 2 * NEAREST and "<i>" not in page and "a<b" not in page


def test_pictures_and_numbers(tmp_path: Path) -> None:
    one = found_by_hand("$x$")
    write_neighbours([one, one], tmp_path / "found.json")
    said = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert said[1]["neighbours"][0][0] == {
        "source": "a<b", "tokens": ["x", "$x$", "</s>"], "place": 1, "similarity": 0.5, "line": 7,
    }  # fmt: skip
    assert write_neighbours([one], tmp_path / "found.png") == [] and np.fromfile(tmp_path / "found.png", "u1").size
    with pytest.raises(Mistake, match="one source"):
        write_neighbours([one, one], tmp_path / "found.png")


def test_no_pairs() -> None:
    predictor, _ = opened("luong")
    with pytest.raises(Mistake, match="no pairs"):
        find_neighbours(predictor, ["a"], [], print)
