"""Free-running validation: the model decodes answers, which are compared with the references."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import nn

from unspool.data.corpus import Example
from unspool.metrics.report import better
from unspool.training.progress import Sample, Validation

# The figures of a model on examples, and a few of its answers.
Evaluate = Callable[[nn.Module, list[Example]], tuple[dict[str, Any], tuple[Sample, ...]]]


def spaced(count: int, most: int) -> list[int]:
    """At most `most` of the numbers below `count`, evenly spaced."""
    kept = min(most, count)
    return [place * count // kept for place in range(kept)]


class FreeRunning:
    """Decodes at most `most` examples, evenly spaced and always the same, and returns the value of one metric."""

    def __init__(self, examples: list[Example], most: int, metric: str, evaluate: Evaluate) -> None:
        self.examples = [examples[number] for number in spaced(len(examples), most)]
        self.metric, self.evaluate = metric, evaluate

    def __call__(self, model: nn.Module) -> Validation:
        """The figures of the current model; its mode (training or evaluation) does not change."""
        was_training = model.training
        figures, samples = self.evaluate(model.eval(), self.examples)
        model.train(was_training)
        return Validation(figures, self.metric, float(figures[self.metric]), better(self.metric), samples)
