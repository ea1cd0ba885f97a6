"""Each example of an evaluation with its answer, its figures and its edits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from unspool.metrics.evaluation import Symbols
from unspool.metrics.report import METRICS
from unspool.metrics.symbol_error_rate import Edit, edits
from unspool.types import Array


@dataclass(frozen=True, slots=True)
class Item:
    """An example and its answer.

    line:     where the example first occurs
    score:    the model's log-probability of the answer in nats
    finished: False if the answer was cut at the maximum length
    figures:  the metrics of this example alone
    edits:    from the nearest reference to the answer, in the symbols that the symbol error rate counts
    """

    line: int
    source: str
    answer: str
    references: tuple[str, ...]
    score: float
    finished: bool
    figures: dict[str, float]
    edits: list[Edit]

    @property
    def right(self) -> bool:
        """Whether the answer equals a reference."""
        return self.answer in self.references

    def to_json(self) -> dict[str, Any]:
        """As a line of `evaluate --errors FILE.jsonl`."""
        return {
            "line": self.line, "source": self.source, "answer": self.answer, "references": list(self.references),
            "right": self.right, "score": round(self.score, 6), "finished": self.finished,
            **{name: round(figure, 4) for name, figure in self.figures.items()},
            "edits": [{"right": edit.right, "answer": edit.answer} for edit in self.edits],
        }  # fmt: skip


def items_of(
    examples: Sequence[tuple[int, str, tuple[str, ...]]],
    answers: Sequence[tuple[str, float, bool]],
    outcomes: Mapping[str, Array],
    split: Callable[[str], Symbols],
) -> list[Item]:
    """The items of an evaluation.

    examples: line, source and references of each; answers: text, score, and whether it finished
    outcomes: `[N, C]` by the metric's name; split: a text as symbols
    """
    items = []
    for number, ((line, source, references), (answer, score, finished)) in enumerate(
        zip(examples, answers, strict=True)
    ):
        figures = {name: METRICS[name].value(rows[number : number + 1]) for name, rows in outcomes.items()}
        changes = edits(split(answer), [split(reference) for reference in references])
        items.append(Item(line, source, answer, references, score, finished, figures, changes))
    return items
