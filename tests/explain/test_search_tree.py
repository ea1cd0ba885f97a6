"""A search as a tree: each hypothesis once, with its parent before it, in a place of its own."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import unspool
from servers import exported
from unspool.decoding.table import entropies_of
from unspool.errors import Mistake
from unspool.explain.search_files import find_answer, write_search
from unspool.explain.search_tree import tree_of

LUONG = unspool.load(exported("luong"), "cpu").predictor


@pytest.mark.parametrize("beam", [1, 2, 5])
def test_every_hypothesis_has_its_place_and_the_best_answer_is_the_first_row(beam: int) -> None:
    trace = LUONG.trace("fade", beam=beam, max_length=12)
    nodes = tree_of(trace)
    assert len(nodes) == 1 + sum(map(len, trace.steps))
    assert len({(node.depth, node.row) for node in nodes}) == len(nodes)
    for node in nodes[1:]:
        parent = nodes[node.parent]
        assert parent.depth == node.depth - 1 and not parent.finished
        assert node.score == pytest.approx(parent.score + math.log(node.share), abs=1e-4)
        assert node.row >= parent.row
    best = [node for node in nodes if node.answer == 1]
    assert {node.row for node in best} == {0} and [one.depth for one in best] == [*range(len(best))]
    assert best[-1].score == pytest.approx(trace.hypotheses[0].score, abs=1e-4)
    assert {node.answer for node in nodes} - {None} == {*range(1, len(trace.hypotheses) + 1)}


def test_branches_of_one_row_do_not_overlap() -> None:
    nodes = tree_of(LUONG.trace("fade", beam=4, max_length=30))
    for row in range(max(node.row for node in nodes) + 1):
        here = sorted((number for number, node in enumerate(nodes) if node.row == row), key=lambda n: nodes[n].depth)
        for left, right in pairwise(here):
            assert nodes[left].depth < nodes[right].depth
    assert max(node.row for node in nodes) < 12, "branches that were given up leave their row to others"


def test_entropies() -> None:
    table = np.log(np.array([[0.25] * 4, [1.0, 1e-300, 1e-300, 1e-300]]))
    table[1, 1:] = -np.inf
    assert np.allclose(entropies_of(table), [math.log(4), 0.0])


def test_symbols_know_how_sure_the_model_was(tmp_path: Path) -> None:
    found = find_answer(LUONG, "fade", beam=3)
    said = found.to_json()
    write_search([found, found], tmp_path / "search.json")
    assert json.loads((tmp_path / "search.json").read_text(encoding="utf-8"))[1] == json.loads(json.dumps(said))
    for symbol in said["symbols"]:
        shares = np.array([share for _, share in symbol["top"]])
        assert 0 < symbol["probability"] <= 1
        known = -(shares * np.log2(np.maximum(shares, 1e-12))).sum()
        assert symbol["entropy"] >= known - 1e-3, "the likely ones are a part of all"
    total = sum(math.log(symbol["probability"]) for symbol in said["symbols"])
    assert total == pytest.approx(found.trace.hypotheses[0].score, abs=1e-3)


def test_a_page_has_a_node_for_each_hypothesis_in_both_languages(tmp_path: Path) -> None:
    found = find_answer(LUONG, "fade", beam=3)
    write_search([found], tmp_path / "search.html")
    page = (tmp_path / "search.html").read_text(encoding="utf-8")
    assert page.count("data-parent=") == 2 * len(found.nodes)
    assert "given up" in page and "버려짐" in page and page.count("figure.tree") == 1
    write_search([found], tmp_path / "search.png")
    assert (tmp_path / "search.png").read_bytes().startswith(b"\x89PNG")


def test_what_cannot_be_shown() -> None:
    with pytest.raises(Mistake, match="one source"):
        write_search([find_answer(LUONG, "fade")] * 2, Path("never.png"))
    with pytest.raises(Mistake, match="empty"):
        find_answer(LUONG, "")
