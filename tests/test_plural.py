from __future__ import annotations

import pytest

from unspool.plural import counted


@pytest.mark.parametrize(("count", "said"), [(0, "0 lines"), (1, "1 line"), (2, "2 lines"), (1234, "1,234 lines")])
def test_a_count_goes_with_its_noun(count: int, said: str) -> None:
    assert counted(count, "line", "lines") == said
