"""How the rows of a table are written: the header, the delimiter, the encoding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from unspool.config import DataConfig
from unspool.errors import Mistake

HeaderChoice = Literal["auto", "yes", "no"]
DELIMITERS = {"tab": "\t", r"\t": "\t", "comma": ",", "semicolon": ";", "space": " "}
# The most columns of a table. One with more is no table of texts, and its header alone would fill memory.
MOST_COLUMNS = 100_000
# The name of a column without one, before its number from 0, as pandas calls it: such a column is usually its index.
UNNAMED = "Unnamed: "


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the ending of a file does not tell.

    header:    whether the first row names the columns; auto: of a CSV it does, of a TSV only if it holds the names
               that are asked for
    delimiter: between cells; default: a tab in a TSV, a comma in a CSV
    encoding:  default: what a byte order mark declares, else UTF-8
    """

    header: HeaderChoice = "auto"
    delimiter: str | None = None
    encoding: str | None = None

    @classmethod
    def of(cls, config: DataConfig) -> Dialect:
        """As the settings say; a wrong delimiter is a `Mistake`."""
        return cls(config.header, delimiter_of(config.delimiter), config.encoding)

    @property
    def headed(self) -> bool:
        """Whether the first row names the columns."""
        return self.header == "yes"

    def names(self, first: Sequence[str], where: str) -> list[str]:
        """The names of the columns, given the first row: its cells, or numbers from "1"."""
        if len(first) > MOST_COLUMNS:
            what = f"{where}: there are {len(first):,} columns, and at most {MOST_COLUMNS:,} are read."
            raise Mistake(what, "Is it a table with one row on each line?")
        if not self.headed:
            return [str(number) for number in range(1, len(first) + 1)]
        if not any(name.strip() for name in first):
            raise Mistake(f"{where}: the header is blank.", "The header must name the columns, or use --header no.")
        names = [name if name.strip() else f"{UNNAMED}{number}" for number, name in enumerate(first)]
        repeated = [name for name, count in Counter(names).items() if count > 1]
        if repeated:
            raise Mistake(f"{where}: the header names '{min(repeated)[:80]}' twice.", "Give each column its own name.")
        return names


PLAIN = Dialect()


def delimiter_of(name: str | None) -> str | None:
    """The character that a name or itself stands for."""
    if name is None:
        return None
    delimiter = DELIMITERS.get(name, name)
    if len(delimiter) != 1 or delimiter in '\r\n"':
        what = f"The delimiter cannot be {name[:40]!r}."
        raise Mistake(what, "It is one character, or a name: tab, comma, semicolon, space. Example: --delimiter ';'")
    return delimiter
