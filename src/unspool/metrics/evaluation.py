"""The input of metrics: answers with their references, log-likelihoods of references, or forecasts beside what came."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from unspool.errors import Mistake
from unspool.metrics.forecast import JudgedForecast
from unspool.types import Array

# The input of a metric: answers that are texts, answers that are real values `[T, F]`, log-likelihoods, or forecasts.
Needs: TypeAlias = Literal["answers", "values", "log_likelihoods", "forecasts"]
Symbols: TypeAlias = Sequence[Hashable]


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """N examples to evaluate: their answers, their log-likelihoods, or both; or N forecasts.

    answers:         N texts, or N arrays of real values `[T, F]`; empty if only likelihoods are measured
    references:      all right answers of each example, at least one
    split:           splits a text into the symbols that the symbol error rate counts, or into labels
    log_likelihoods: `[N]` of the references, in nats
    lengths:         `[N]` the number of characters of a text, or steps of a series, that each log-likelihood is for
    tokenizer:       BLEU's, see `unspool.metrics.bleu`
    forecasts:       N forecasts of series

    No examples, or an example without a reference, are a `Mistake`.
    """

    answers: Sequence[Any] = ()
    references: Sequence[tuple[Any, ...]] = ()
    split: Callable[[str], Symbols] = list
    log_likelihoods: Array | None = None
    lengths: Array | None = None
    tokenizer: str = "13a"
    forecasts: Sequence[JudgedForecast] = ()

    def __post_init__(self) -> None:
        sizes = {len(side) for side in self._sides()}
        assert len(sizes) <= 1, sizes
        assert (self.log_likelihoods is None) == (self.lengths is None), "log-likelihoods come with their lengths"
        if not sizes or 0 in sizes:
            raise Mistake("There is nothing to evaluate: no sources were given.", "Check that the file is not empty.")
        for number, listed in enumerate(self.references, start=1):
            if not listed:
                raise Mistake(f"Source {number} has no right answer to compare with.", "Give it one, or leave it out.")

    def __len__(self) -> int:
        """N."""
        return len(self._sides()[0])

    @property
    def count(self) -> int:
        """The number of examples with answers, or for likelihoods alone, of all characters or steps."""
        return len(self) if self.lengths is None or len(self.answers) else int(self.lengths.sum())

    def has(self, needs: Needs) -> bool:
        """Whether a metric with these needs can be computed."""
        if needs == "log_likelihoods":
            return self.log_likelihoods is not None
        if needs == "forecasts":
            return len(self.forecasts) > 0
        return len(self.answers) > 0 and (needs == "values") == isinstance(self.answers[0], np.ndarray)

    def symbols(self) -> tuple[list[Symbols], list[list[Symbols]]]:
        """Answers and references, each split into symbols."""
        references = [[self.split(text) for text in listed] for listed in self.references]
        return [self.split(text) for text in self.answers], references

    def _sides(self) -> list[Sequence[Any] | Array]:
        """The lists with one entry for each example."""
        sides: list[Sequence[Any] | Array] = []
        if len(self.answers) or len(self.references):
            sides += [self.answers, self.references]
        if len(self.forecasts):
            sides.append(self.forecasts)
        return sides + [side for side in (self.log_likelihoods, self.lengths) if side is not None]
