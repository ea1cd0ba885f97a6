"""The metrics of a model for people who work in Python: a dict that shows itself as a small table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from unspool.data.corpus import Example
from unspool.errors import Mistake
from unspool.evaluator import Evaluated
from unspool.fields.registry import Fields
from unspool.report.items import Item, items_of
from unspool.screens.figures import table
from unspool.visible import as_html


class Measured(dict[str, Any]):
    """The metrics as `evaluate --json` writes them; rates in percent.

    evaluated: the same with the outcome of each example
    messages:  a sentence for each thing that the user should know about how the data was read
    """

    def __init__(
        self, evaluated: Evaluated, messages: Sequence[str], fields: Fields, examples: Sequence[Example]
    ) -> None:
        super().__init__(evaluated.to_json())
        self.evaluated = evaluated
        self.messages = [*messages, *evaluated.messages()]
        self._fields, self._examples = fields, examples

    @property
    def examples(self) -> list[dict[str, Any]]:
        """Each example as a line of `evaluate --errors FILE.jsonl`; a data frame can be made of it.

        `line`, `source`, `answer`, `references`, whether it is `right`, `score`, each metric of this example alone, and
        the `edits` that correct the answer.
        """
        return [item.to_json() for item in items_of_evaluated(self.evaluated, self._fields, self._examples)]

    def __repr__(self) -> str:
        """The table that the command line prints, and the messages."""
        return "\n".join([table(self), *self.messages])

    def _repr_html_(self) -> str:
        """The same for a notebook."""
        return f'<pre style="font-family: monospace">{as_html(repr(self))}</pre>'


def items_of_evaluated(evaluated: Evaluated, fields: Fields, examples: Sequence[Example]) -> list[Item]:
    """Each example with its answer, figures and edits. Answers that are no texts are a `Mistake`."""
    if not evaluated.answers or not isinstance(evaluated.answers[0].answer, str):
        raise Mistake("Only answers that are text are listed, and this model has none.", "Look at its figures.")
    source, target = fields
    right = [tuple(map(target.comparable, one.references)) for one in examples]
    rows = [(one.line, source.text_of(one.source), texts) for one, texts in zip(examples, right, strict=True)]
    answers = [(one.answer, one.score, one.finished) for one in evaluated.answers]
    return items_of(rows, answers, evaluated.figures.outcomes, target.units)
