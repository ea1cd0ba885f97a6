"""The card of a model that `unspool describe` prints: its paper, what it does, its parts and their sizes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unspool.explain.parts import NetworkPart

COLUMNS = 80
LEGEND = (
    "B: sources in a batch. S: symbols of a source (or N sentences of W words). T: symbols of a target. "
    "A number is a width. A part without S and T runs step by step or once."
)


def model_card(name: str) -> Iterator[str]:
    """The lines of a model's card; without PyTorch there are no parts, and the last line names what they need."""
    from unspool.fields.registry import field_class
    from unspool.models.registry import entry_of
    from unspool.tasks import example_dimensions

    entry = entry_of(name)
    yield from wrapped(f"{name}: {entry.kind}")
    yield ""
    yield from wrapped(f"{entry.paper} {entry.year}: {entry.title}.")
    if entry.arxiv:
        yield f"https://arxiv.org/abs/{entry.arxiv}"
    for sentences in (entry.english, entry.korean):
        yield ""
        yield from wrapped(" ".join(sentences))
    yield ""
    try:
        from unspool.explain.parts import parts_of
    except ModuleNotFoundError as error:
        yield from _size(entry.parameters, name)
        yield from wrapped(f"Its parts and their sizes need {error.name}. Run: pip install 'unspool[train]'")
        return
    from unspool.config import resolve
    from unspool.models.registry import build

    dimensions = example_dimensions(name)
    parts = parts_of(
        build(resolve({"model": name}).model, dimensions), dimensions, field_class(entry.task.target).steps
    )
    yield from _size(sum(part.times * part.parameters for part in parts), name)
    yield ""
    yield _row("part", "kind", "output", "parameters")
    yield from part_lines(parts)
    yield ""
    yield from wrapped(LEGEND)


def _size(parameters: int, name: str) -> Iterator[str]:
    yield from wrapped(f"{parameters:,} parameters with default settings and {read_and_written(name)}.")


def read_and_written(name: str) -> str:
    """The vocabulary sizes with which parameters are counted, in words."""
    from unspool.tasks import LABELS, SYMBOLS, example_dimensions
    from unspool.types import Labels

    if isinstance(example_dimensions(name).target, Labels):
        return f"{SYMBOLS:,} source symbols and {LABELS} labels"
    return f"{SYMBOLS:,} symbols on each side"


def part_lines(parts: list[NetworkPart], stem: str = "") -> Iterator[str]:
    """Parts as a tree, with the parts of a part below it."""
    for number, part in enumerate(parts, 1):
        last = number == len(parts)
        parameters = f"{part.times} × {part.parameters:,}" if part.times > 1 else f"{part.parameters:,}"
        shape = f"[{', '.join(part.shape)}]" if part.shape else ""
        yield _row(f"{stem}{'└─' if last else '├─'} {part.name}", part.kind, shape, parameters)
        yield from part_lines(part.parts, stem + ("   " if last else "│  "))


def wrapped(text: str) -> Iterator[str]:
    """Lines of at most 80 columns, broken at spaces; a Korean syllable takes two columns."""
    from rich.cells import cell_len

    line = ""
    for word in text.split():
        if line and cell_len(f"{line} {word}") > COLUMNS:
            yield line
            line = word
        else:
            line = f"{line} {word}".lstrip()
    yield line


def _row(part: str, kind: str, shape: str, parameters: str) -> str:
    return f"{part:<28} {kind:<19} {shape:<15} {parameters:>15}"
