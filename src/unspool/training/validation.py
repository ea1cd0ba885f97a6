"""Free-running validation: the model writes its own answers, and they are compared with the right ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import nn

from unspool.data.corpus import Example
from unspool.metrics.report import better
from unspool.training.progress import Validation

Evaluate = Callable[[nn.Module, list[Example]], dict[str, Any]]


class FreeRunning:
    """Decodes at most so many examples, evenly picked and always the same, and judges by one metric."""

    def __init__(self, examples: list[Example], most: int, metric: str, evaluate: Evaluate) -> None:
        kept = min(most, len(examples))
        self.examples = [examples[number * len(examples) // kept] for number in range(kept)]
        self.metric, self.evaluate = metric, evaluate

    def __call__(self, model: nn.Module) -> Validation:
        """Figures of the model as it is now; it is left in the mode in which it came."""
        was_training = model.training
        figures = self.evaluate(model.eval(), self.examples)
        model.train(was_training)
        return Validation(figures, self.metric, float(figures[self.metric]), better(self.metric))
