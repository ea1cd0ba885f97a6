from __future__ import annotations

import pytest
from unspool.data.reading import Reading, counted


@pytest.mark.parametrize(("count", "said"), [(0, "0 lines"), (1, "1 line"), (2, "2 lines"), (1234, "1,234 lines")])
def test_a_count_goes_with_its_noun(count: int, said: str) -> None:
    assert counted(count, "line", "lines") == said


def test_each_thing_that_happened_is_said_once_with_its_first_place() -> None:
    reading = Reading(max_line=1)
    for place in ("a, line 3", "a, line 9"):
        reading.empty(place)
        reading.long(place)
    empty, long = reading.messages()
    assert ": 2 (the first: a, line 3)" in empty and "exceed 1 character: 2 (the first: a, line 3)" in long
