"""Figures of some of the examples."""

from __future__ import annotations

import numpy as np
import pytest

from unspool.metrics.symbol_error_rate import Edit, edits
from unspool.report.errors import spell
from unspool.report.groups import FEWEST, by_length, by_tag, confusions

RIGHT = np.array([[1, 1]] * 6 + [[0, 1]] * 4)


def test_groups_of_lengths_hold_every_example_once_and_have_its_figure() -> None:
    groups = by_length([3, 3, 4, 5, 5, 5, 8, 9, 20, 30], {"exact_match": RIGHT})
    assert sum(group.sources for group in groups) == 10
    assert groups[0].name.startswith("3") and groups[-1].name.endswith("30 symbols")
    assert groups[0].figures == {"exact_match": 100} and groups[-1].figures == {"exact_match": 0}
    (same,) = by_length([4] * 10, {"exact_match": RIGHT})
    assert same.name == "4 symbols" and same.figures["exact_match"] == pytest.approx(60)


def test_a_tag_has_the_figure_of_its_sources_and_a_rare_one_is_left_out() -> None:
    tags = [["V", "PST"]] * 6 + [["N"]] * (4 - 1) + [["N", "PL"]]
    groups = {group.name: group for group in by_tag(tags, {"exact_match": RIGHT})}
    assert groups.keys() == {"V", "PST"} and FEWEST > 4
    assert (groups["V"].sources, groups["V"].figures["exact_match"]) == (6, 100)


def test_edits_lead_from_the_nearest_reference_to_the_answer() -> None:
    assert edits("cat", ["zzzz", "cut"]) == [Edit("u", "a")]
    assert edits(["AH", "B"], [["AH"]]) == [Edit("", "B")]
    assert edits("", ["a"]) == [Edit("a", "")]
    assert [spell(edit) for edit in (Edit("u", "a"), Edit("", "B"), Edit("a", ""), Edit(" ", "\u1100"))] == [
        "u → a", "+B", "-a", "' ' → ㄱ",
    ]  # fmt: skip
    assert confusions([[Edit("a", "b")], [Edit("a", "b"), Edit("c", "")]])[0] == (Edit("a", "b"), 2)
