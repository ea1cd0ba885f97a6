"""The page on which a person copies lines in their own hand: one HTML file that needs no network."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from importlib.resources import files

from unspool.errors import Mistake, nearest

# Of a line. A longer one is no line that a person copies.
LONGEST = 200
PLACE, COMMAND = "LINES", "COMMAND"


def known_lines(language: str) -> list[str]:
    """The lines that come with the package, in a language."""
    known = tomllib.loads((files("unspool.ink") / "hand.toml").read_text(encoding="utf-8"))
    if language not in known:
        raise Mistake(f"There are no lines in '{language}'.", nearest(language, known))
    lines: list[str] = known[language]
    return lines


def page(lines: Sequence[str]) -> bytes:
    """The page with these lines to copy."""
    wanted = [" ".join(line.split()) for line in lines]
    wanted = [line for line in wanted if line]
    if not wanted:
        raise Mistake("There are no lines to copy.", "Write one on each line of the file.")
    if long := next((line for line in wanted if len(line) > LONGEST), ""):
        what = f"A line to copy has {len(long):,} characters: '{long[:30]}…'."
        raise Mistake(what, f"A person copies lines of 20 to 30 characters; at most {LONGEST} are taken.")
    template = (files("unspool.ink") / "hand.html").read_text(encoding="utf-8")
    # Inside a script only `<` could end it.
    data = json.dumps(wanted, ensure_ascii=False).replace("<", "\\u003c")
    return template.replace(COMMAND, training(wanted), 1).replace(PLACE, data, 1).encode()


def training(lines: Sequence[str]) -> str:
    """The command that learns from lines: a writer of Latin letters goes on, and one of Hangul begins with its jamo."""
    data = "unspool train hand.json --model synthesis --out runs/mine"
    if any("가" <= letter <= "힣" for line in lines for letter in line):
        return f"{data} --set data.source_tokenizer=jamo"
    return f"{data} --from runs/handwriting"
