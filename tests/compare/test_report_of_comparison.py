"""What a report says of results whose meaning is known."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from string import Formatter

import numpy as np
import pytest

from unspool.compare import sentences
from unspool.compare.analysis import Analysis, analyse
from unspool.compare.by_length import length_groups, where_better
from unspool.compare.run_result import RunResult
from unspool.compare.words import Words, texts
from unspool.metrics.report import METRICS
from unspool.models.registry import models
from unspool.rivals.registry import RIVALS

ITEMS = 200


def result(system: str, right: int, kind: str = "network", seed: int = 1, parameters: int = 10) -> RunResult:
    """A result with the first `right` of all items right."""
    outcomes = [[float(number < right), 1.0] for number in range(ITEMS)]
    share = 100 * right / ITEMS
    answers = [f"{system} {number}" for number in range(ITEMS)]
    return RunResult.model_validate(
        {
            "system": system, "kind": kind, "seed": seed, "figures": {"exact_match": (share, share - 5, share + 5)},
            "outcomes": {"exact_match": outcomes}, "answers": answers, "parameters": parameters, "seconds": 30.0,
        }
    )  # fmt: skip


def answer(*results: RunResult) -> str:
    return sentences.answer(analysis(*results), 5, Words("en"))


def analysis(*results: RunResult) -> Analysis:
    return analyse(results, ["exact_match"])


def test_the_first_sentence_says_yes_where_a_network_is_better() -> None:
    said = answer(result("luong", 160), result("cho", 100), result("joint_ngram", 90, "rival"))
    assert said.startswith("Yes, a network pays here, and it is luong") and "80.00" in said and "45.00" in said


@pytest.mark.parametrize(("right", "verdict"), [(92, "may be chance"), (40, "worse")])
def test_the_first_sentence_says_no_where_it_is_not(right: int, verdict: str) -> None:
    said = answer(result("luong", right), result("nearest_neighbour", 90, "rival"))
    assert said.startswith("No, you need no network here") and verdict in said and "nearest neighbour" in said


def test_the_first_sentence_says_what_is_missing() -> None:
    failed = RunResult(system="luong", why="broken")
    assert answer(failed, result("linear", 90, "rival")).startswith("No network finished")
    assert answer(result("luong", 90)).startswith("Of the networks luong is best")
    assert answer(failed).startswith("Nothing finished")


def test_the_smallest_of_equals_is_named() -> None:
    results = (result("luong", 160, parameters=90), result("cho", 159, parameters=20), result("gnmt", 90))
    (said,) = sentences.choice(analysis(*results), Words("en"))
    assert "told apart from luong here: cho" in said and "smallest of them is cho" in said
    assert sentences.choice(analysis(*results[:1]), Words("en")) == []


def test_every_two_systems_are_tested_and_corrected() -> None:
    found = analysis(
        result("luong", 160), result("luong", 150, seed=2), result("cho", 100), result("ngram", 20, "rival")
    )
    assert [system.name for system in found.systems] == ["luong", "cho", "ngram"]
    assert found.systems[0].value("exact_match") == pytest.approx(77.5)
    assert len(found.differences) == 3 and all(each.adjusted >= each.test.p for each in found.differences)
    assert all(each.test.difference > 0 for each in found.differences)


def test_both_languages_have_the_same_keys_and_places() -> None:
    english, korean = texts()["en"], texts()["ko"]
    assert english.keys() == korean.keys()
    for key in english:
        places = [{name for _, name, _, _ in Formatter().parse(text[key]) if name} for text in (english, korean)]
        assert places[0] == places[1], key
    assert {f"metric_{name}" for name in METRICS} <= english.keys()
    assert {f"rival_{name}" for names in RIVALS.values() for name in names} <= english.keys()
    assert not {f"rival_{name}" for name in models()} & english.keys()
    assert all(re.search("[가-힣]", text) for key, text in korean.items() if len(english[key]) > 20)


def test_a_key_that_nothing_uses_is_not_translated() -> None:
    folder = Path(sentences.__file__).parent
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    named = [key for key in texts()["en"] if not key.startswith(("metric_", "rival_"))]
    assert [key for key in named if f'"{key}"' not in code and f"'{key}'" not in code] == []


def test_groups_of_lengths_cover_all_items_once() -> None:
    lengths = [3] * 30 + [4] * 2 + [9] * 40 + [12, 15, 20] * 4
    groups = length_groups(lengths)
    assert sorted(np.concatenate([group.items for group in groups]).tolist()) == list(range(len(lengths)))
    assert all(one.longest < other.shortest for one, other in pairwise(groups))
    assert length_groups([5] * 10) == []


def test_items_where_one_is_better() -> None:
    one, other = analysis(result("luong", 10), result("cho", 7)).systems
    assert where_better(one, other, METRICS["exact_match"], 5) == [7, 8, 9]
    assert where_better(other, one, METRICS["exact_match"], 5) == []
