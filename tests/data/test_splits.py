from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unspool.data.splits import held_out
from unspool.data.tables import Table
from unspool.errors import Mistake


def table(folder: Path, sources: list[str]) -> Table:
    path = folder / "a.tsv"
    path.write_text("".join(f"{source}\ttarget {number}\n" for number, source in enumerate(sources)))
    return Table([path])


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([f"s{n}" for n in range(50)]), min_size=2).filter(lambda rows: len(set(rows)) > 1))
def test_no_source_is_on_both_sides_and_no_row_is_lost(tmp_path: Path, sources: list[str]) -> None:
    rows = table(tmp_path, sources)
    split = held_out(rows, share=0.3)
    train, valid = list(split.train), list(split.valid)
    assert not {pair.source for pair in train} & {pair.source for pair in valid}
    assert train and valid and sorted([*train, *valid]) == sorted(rows)
    assert split.sources == len(set(sources)) and split.held_out == len({pair.source for pair in valid})


def test_the_same_sources_are_held_out_in_any_order_and_with_any_repeats(tmp_path: Path) -> None:
    sources = [f"s{number}" for number in range(500)]
    first = {pair.source for pair in held_out(table(tmp_path, sources)).valid}
    random.Random(0).shuffle(sources)
    assert {pair.source for pair in held_out(table(tmp_path, sources + sources[:50])).valid} == first


def test_which_sources_are_held_out_never_changes_between_releases(tmp_path: Path) -> None:
    split = held_out(table(tmp_path, [f"s{number}" for number in range(40)]))
    assert sorted(pair.source[0] for pair in split.valid) == ["s10", "s24"]


@pytest.mark.parametrize(
    ("share", "most", "expected"), [(0.05, 2000, 10), (0.5, 30, 30), (0.0001, 9, 1), (0.999, 999, 199)]
)
def test_the_share_and_the_most_are_kept_and_both_sides_have_a_source(
    tmp_path: Path, share: float, most: int, expected: int
) -> None:
    assert held_out(table(tmp_path, [f"s{number}" for number in range(200)]), share, most).held_out == expected


def test_a_single_source_cannot_be_split(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="--valid"):
        held_out(table(tmp_path, ["a", "a", "a"]))


def test_a_part_speaks_for_the_whole_table(tmp_path: Path) -> None:
    rows = table(tmp_path, ["a", "b"])
    part = held_out(rows).train
    assert (part.paths, part.columns, part.stats) == (rows.paths, rows.columns, rows.stats)
