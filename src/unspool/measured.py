"""The metrics of a model for people who work in Python: a dict that shows itself as a small table."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from unspool.evaluator import Evaluated
from unspool.screens.figures import table


class Measured(dict[str, Any]):
    """The metrics as `evaluate --json` writes them; rates in percent.

    evaluated: the same with the outcome of each example
    messages:  a sentence for each thing that the user should know about how the data was read
    """

    def __init__(self, evaluated: Evaluated, messages: Sequence[str] = ()) -> None:
        super().__init__(evaluated.to_json())
        self.evaluated = evaluated
        self.messages = [*messages, *evaluated.messages()]

    def __repr__(self) -> str:
        """The table that the command line prints, and the messages."""
        return "\n".join([table(self), *self.messages])

    def _repr_html_(self) -> str:
        """The same for a notebook."""
        return f"<pre>{escape(repr(self))}</pre>"
