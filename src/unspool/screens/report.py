"""A report of training in words: how far, how fast, how good, and samples of what the model answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unspool.training.progress import Report, Sample, Validation

# Characters of a cell of a sample, where nothing else cuts it.
WIDTH = 60
# In place of characters that cannot be seen; commands for the terminal are among the others.
MARKS = {"\n": "⏎", "\t": "⇥"}
BEST = "  ← best so far"


def pace(report: Report) -> str:
    """How far and how fast."""
    left = f"{clock(report.seconds_left)} left"
    speed = f"{report.symbols_per_second:,.0f} {report.unit}/s"
    return f"{report.done:4.0%}  epoch {report.epoch + 1}  {left}  loss {report.nll:.3f}  {speed}"


def figures(validation: Validation) -> str:
    """The figures of a validation."""
    return figures_line(validation.figures)


def figures_line(figures: Mapping[str, Any]) -> str:
    """The metrics, and the loss if there is one."""
    found = {name: value for name, value in figures.items() if isinstance(value, float)}
    found.pop("seconds", None)
    loss = found.pop("nll", None)
    shown = [f"{name.replace('_', ' ')} {value:.2f}" for name, value in found.items()]
    return "  ".join(shown if loss is None else [*shown, f"validation loss {loss:.3f}"])


def validated(report: Report) -> str:
    """A line with everything about a validation that a bar below it does not say."""
    assert report.validation is not None
    return f"{report.done:4.0%}  loss {report.nll:.3f}  {figures(report.validation)}{BEST * report.improved}"


def cells(sample: Sample) -> tuple[str, str, str]:
    """The source, the answer, and whether it is right or what would be; characters that cannot be seen are marked."""
    right = "✓" if sample.right else f"right: {' or '.join(sample.references)}"
    return _seen(sample.source), _seen(sample.answer), _seen(right)


def sample_line(sample: Sample) -> str:
    """A sample in one line, each part of it cut."""
    source, answer, right = map(_cut, cells(sample))
    return f"    {source} → {answer}  {right}"


def clock(seconds: float) -> str:
    """Seconds as 1:02:03 or 2:03; dashes if the time is not known."""
    if seconds == float("inf"):
        return "–:––"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _seen(text: str) -> str:
    return "".join(character if character.isprintable() else MARKS.get(character, "·") for character in text)


def _cut(text: str) -> str:
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"
