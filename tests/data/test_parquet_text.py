from __future__ import annotations

from pathlib import Path

import pyarrow
import pyarrow.csv
import pyarrow.parquet
import pytest

from unspool.data.columns import parse_columns
from unspool.data.inputs import Files
from unspool.data.reading import Reading
from unspool.data.sources import read_sources
from unspool.errors import Mistake

TABLE = pyarrow.table({
    "id": [1, 2, 3], "de": ["Ein Hund.", "", "Zwei\tHunde\nrennen."], "en": ["A dog.", "x", "Two dogs run."]
})  # fmt: skip


@pytest.fixture
def both(tmp_path: Path) -> tuple[Path, Path]:
    pyarrow.parquet.write_table(TABLE, tmp_path / "a.parquet")
    pyarrow.csv.write_csv(TABLE, tmp_path / "a.csv")
    return tmp_path / "a.parquet", tmp_path / "a.csv"


def test_texts_of_parquet_are_those_of_csv(both: tuple[Path, Path]):
    reading = Reading(parse_columns("source=de,target=en"))
    pairs = [[(pair.source, pair.target) for pair in Files((path,)).open(reading)[0]] for path in both]
    assert pairs[0] == pairs[1] == [(("Ein Hund.",), ("A dog.",)), (("Zwei\tHunde\nrennen.",), ("Two dogs run.",))]
    assert [*read_sources(both[0], reading)] == [*read_sources(both[1], reading)]


def test_columns_that_are_not_named_are_asked_for_alike(both: tuple[Path, Path]):
    for path in both:
        with pytest.raises(Mistake, match=r"has 3 columns \(id, de, en\)"):
            Files((path,)).open(Reading())
