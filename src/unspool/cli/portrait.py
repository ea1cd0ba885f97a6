"""A model of the registry as `unspool describe` shows it: what it is, its paper, its parts and their sizes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unspool.explain.parts import Part

COLUMNS = 80
LEGEND = (
    "B sources side by side, S symbols in each (or N sentences of W words), T in each "
    "target; a number is a width. Where S and T are missing, a part goes step by step or speaks once."
)


def portrait_lines(name: str) -> Iterator[str]:
    """A model, for a person; without PyTorch there are no parts, and the last line says what they need."""
    from unspool.models.about import about
    from unspool.models.registry import MODELS, example_sizes, form_of

    entry, told = MODELS[name], about(name)
    yield from wrapped(f"{name}: {entry.kind}")
    yield ""
    yield from wrapped(told.paper)
    if entry.arxiv:
        yield f"https://arxiv.org/abs/{entry.arxiv}"
    for sentences in (told.english, told.korean):
        yield ""
        yield from wrapped(" ".join(sentences))
    yield ""
    try:
        from unspool.explain.parts import parts_of
    except ModuleNotFoundError as error:
        yield _size(entry.weights, name)
        yield from wrapped(f"Its parts and their sizes need {error.name}. Run: pip install 'unspool[train]'")
        return
    from unspool.models.registry import build, settings_of

    parts = parts_of(build(name, settings_of(name, {}), example_sizes(name)), form_of(name))
    yield _size(sum(part.times * part.weights for part in parts), name)
    yield ""
    yield _row("part", "kind", "gives", "weights")
    yield from part_lines(parts)
    yield ""
    yield from wrapped(LEGEND)


def _size(weights: int, name: str) -> str:
    return f"{weights:,} weights with default settings and {read_and_written(name)}."


def read_and_written(name: str) -> str:
    """The sizes that a model is told with, in words."""
    from unspool.models.registry import LABELS, SYMBOLS, form_of

    sides = {
        "label": f"{SYMBOLS:,} symbols to read and {LABELS} labels",
        "labels": f"{SYMBOLS:,} symbols to read and {LABELS} labels",
        "continuation": f"a vocabulary of {SYMBOLS:,} symbols",
        "text": f"{SYMBOLS:,} symbols on each side",
    }
    return sides[form_of(name).writes]


def part_lines(parts: list[Part], stem: str = "") -> Iterator[str]:
    """Parts as a tree, those inside each below it."""
    for place, part in enumerate(parts, 1):
        last = place == len(parts)
        weights = f"{part.times} × {part.weights:,}" if part.times > 1 else f"{part.weights:,}"
        shape = f"[{', '.join(part.shape)}]" if part.shape else ""
        yield _row(f"{stem}{'└─' if last else '├─'} {part.name}", part.kind, shape, weights)
        yield from part_lines(part.parts, stem + ("   " if last else "│  "))


def wrapped(text: str) -> Iterator[str]:
    """Lines of at most 80 columns, broken at spaces; a Korean syllable takes two."""
    from rich.cells import cell_len

    line = ""
    for word in text.split():
        if line and cell_len(f"{line} {word}") > COLUMNS:
            yield line
            line = word
        else:
            line = f"{line} {word}".lstrip()
    yield line


def _row(part: str, kind: str, shape: str, weights: str) -> str:
    return f"{part:<28} {kind:<19} {shape:<15} {weights:>15}"
