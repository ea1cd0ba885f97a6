from __future__ import annotations

from unspool.data.read_stats import ReadStats


def test_each_thing_that_happened_is_said_once_with_its_first_place() -> None:
    stats = ReadStats(max_line=1)
    for place in ("a, line 3", "a, line 9"):
        stats.empty(place)
        stats.long(place)
    empty, long = stats.messages()
    assert ": 2 (the first: a, line 3)" in empty and "exceed 1 character: 2 (the first: a, line 3)" in long
