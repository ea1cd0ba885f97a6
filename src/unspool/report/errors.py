"""The file of `evaluate --errors`: each example with its answer and its edits, as TSV, JSON lines or a page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from unspool.errors import Mistake
from unspool.metrics.symbol_error_rate import Edit
from unspool.report.groups import Group
from unspool.report.items import Item
from unspool.report.page import page
from unspool.storage.atomic import replace
from unspool.text.jamo import readable
from unspool.visible import as_html

# The most wrong answers on a page; the other formats have all examples.
SHOWN = 1000


class Errors(NamedTuple):
    """All examples of an evaluation, and what they have in common.

    groups: their title, and the groups
    confusions: the most frequent edits and how often they occur
    """

    title: str
    items: Sequence[Item]
    groups: Sequence[tuple[str, Sequence[Group]]]
    confusions: Sequence[tuple[Edit, int]]


def check_path(path: Path) -> None:
    """Refuse a file that could not be written at the end."""
    if path.suffix.lower() not in WRITERS:
        what = f"--errors writes {', '.join(WRITERS)}, and {path} has another ending."
        raise Mistake(what, f"Name it {path.stem}.tsv, for example.")
    if path.is_dir() or not path.parent.is_dir():
        raise Mistake(f"{path} cannot be written: it is a folder, or its folder is missing.", "Give another file.")


def write_errors(path: Path, errors: Errors) -> None:
    """Write the file in the format of its ending, whole or not at all."""
    replace(path, WRITERS[path.suffix.lower()](errors).encode("utf-8", "backslashreplace"))


def _tsv(errors: Errors) -> str:
    names = list(errors.items[0].figures)
    rows: list[list[object]] = [
        ["line", "source", "answer", "references", "right", "score", "finished", *names, "edits"]
    ]
    rows += [
        [
            item.line, item.source, item.answer, " | ".join(item.references), _yes(item.right), f"{item.score:.4f}",
            _yes(item.finished), *(f"{item.figures[name]:.2f}" for name in names), "; ".join(map(spell, item.edits)),
        ]
        for item in errors.items
    ]  # fmt: skip
    return "".join("\t".join(" ".join(str(cell).split()) for cell in row) + "\n" for row in rows)


def _jsonl(errors: Errors) -> str:
    return "".join(json.dumps(item.to_json(), ensure_ascii=False) + "\n" for item in errors.items)


def _html(errors: Errors) -> str:
    wrong = sorted((item for item in errors.items if not item.right), key=lambda item: -len(item.edits))
    parts = [*_tables(errors), f"<h2>Wrong answers: {len(wrong):,} of {len(errors.items):,}</h2>"]
    if len(wrong) > SHOWN:
        parts.append(f"<p>The {SHOWN:,} with the most edits; a .tsv or .jsonl file has all.</p>")
    rows = [
        [str(item.line), item.source, item.answer, " | ".join(item.references), "; ".join(map(spell, item.edits)),
         f"{item.score:.2f}" + "" * item.finished + " (cut)" * (not item.finished)]
        for item in wrong[:SHOWN]
    ]  # fmt: skip
    return page(errors.title, [*parts, _table(["line", "source", "answer", "right", "edits", "score"], rows)])


def _tables(errors: Errors) -> Iterator[str]:
    for title, groups in errors.groups:
        names = [*groups[0].figures]
        rows = [[one.name, f"{one.sources:,}", *(f"{one.figures[name]:.2f}" for name in names)] for one in groups]
        yield f"<h2>Figures {as_html(title)}</h2>"
        yield _table(["", "sources", *(name.replace("_", " ") for name in names)], rows)
    if errors.confusions:
        yield "<h2>Most frequent edits: right → answer</h2>"
        yield _table(["edit", "times"], [[spell(edit), f"{times:,}"] for edit, times in errors.confusions])


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def row(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{as_html(cell)}</{tag}>" for cell in cells) + "</tr>"

    return "<table>" + row(head, "th") + "".join(row(cells, "td") for cells in rows) + "</table>"


def spell(edit: Edit) -> str:
    """An edit as text: a wrong symbol, a missing one, or a surplus one."""
    right, answer = (repr(symbol) if symbol.isspace() else readable(symbol) for symbol in (edit.right, edit.answer))
    if not edit.right:
        return f"+{answer}"
    return f"-{right}" if not edit.answer else f"{right} → {answer}"


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"


WRITERS: dict[str, Callable[[Errors], str]] = {".tsv": _tsv, ".jsonl": _jsonl, ".html": _html}
