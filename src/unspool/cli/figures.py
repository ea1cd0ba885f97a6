"""What `unspool evaluate` prints besides a model's figures: comparisons of models, and groups of examples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from unspool.screens.figures import aligned

if TYPE_CHECKING:
    from unspool.metrics.significance import PairedTest
    from unspool.metrics.symbol_error_rate import Edit
    from unspool.report.groups import Group


def comparison(names: Sequence[str], figures: Sequence[dict[str, Any]], tests: Sequence[dict[str, PairedTest]]) -> str:
    """Several models side by side: the figures of each, and how each of the others differs from the first.

    tests: for each model but the first, a test by the metric's name
    """
    shown = [name for name in figures[0] if all(f"{name}_low" in each for each in figures)]
    rows = [["", *names]]
    rows += [[name.replace("_", " "), *(f"{each[name]:.2f}" for each in figures)] for name in shown]
    rows.append(["seconds", *(f"{each['seconds']:.1f}" for each in figures)])
    lines = [f"sources: {figures[0]['n']:,}", *aligned(rows)]
    for name, of_model in zip(names[1:], tests, strict=True):
        differences = [["", "difference", "95 % from", "to", "p"]]
        for metric, test in of_model.items():
            low, high = test.interval
            differences.append(
                [metric.replace("_", " "), f"{test.difference:+.2f}", f"{low:+.2f}", f"{high:+.2f}", f"{test.p:.4f}"]
            )
        lines += ["", f"{name} minus {names[0]} (paired bootstrap test)", *aligned(differences)]
    return "\n".join(lines)


def groups(title: str, found: Sequence[Group]) -> list[str]:
    """The figures of some groups of examples."""
    names = list(found[0].figures)
    rows = [[group.name, f"{group.sources:,}", *(f"{group.figures[name]:.2f}" for name in names)] for group in found]
    return ["", *aligned([[title, "sources", *(name.replace("_", " ") for name in names)], *rows])]


def reliability_table(figures: dict[str, Any]) -> list[str]:
    """Of the answers in each tenth of confidence, how many there are, and how many are right."""
    rows = [
        [
            f"{each['from']:.1f} to {each['to']:.1f}",
            f"{each['n']:,}",
            f"{each['confidence']:.1f}",
            f"{each['right']:.1f}",
        ]
        for each in figures["reliability"]
    ]
    error = f"calibration error: {figures['calibration_error']:.2f} %"
    return ["", *aligned([["confidence", "answers", "mean %", "right %"], *rows]), error]


def frequent(confusions: Sequence[tuple[Edit, int]]) -> list[str]:
    """The most frequent edits."""
    from unspool.report.errors import spell

    return ["", *aligned([["edit (right → answer)", "times"], *([spell(edit), f"{n:,}"] for edit, n in confusions)])]
