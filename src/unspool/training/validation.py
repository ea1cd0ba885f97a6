"""Validation on held-out data: the answers of the model, decoded without teacher forcing, and its loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from unspool.data.buckets import epoch_batches
from unspool.data.corpus import Corpus, Example, collate
from unspool.metrics.report import better
from unspool.nn.stepper import to_torch
from unspool.training.objectives import teacher_forcing
from unspool.training.progress import Sample, Validation
from unspool.types import Batch, Seq2Seq

# The figures of a model on examples, and a few of its answers.
Evaluate = Callable[[nn.Module, list[Example]], tuple[dict[str, Any], tuple[Sample, ...]]]


def spaced(count: int, most: int) -> list[int]:
    """At most `most` of the numbers below `count`, evenly spaced."""
    kept = min(most, count)
    return [place * count // kept for place in range(kept)]


class HeldOutLoss:
    """The loss in nats a target symbol with teacher forcing, as the training loss, but without dropout.

    corpus: held-out pairs, of which about `most` are measured, in batches drawn at random and always the same
    """

    def __init__(self, corpus: Corpus, most: int, batch_symbols: int, device: torch.device) -> None:
        self.device, self.batches, kept = device, list[Batch](), 0
        for rows in epoch_batches(corpus, batch_symbols, 0, 0) if len(corpus) else ():
            if kept < most:
                self.batches.append(collate(corpus, rows))
                kept += len(rows)

    @torch.inference_mode()
    def __call__(self, model: Seq2Seq) -> float | None:
        """The loss of a model in evaluation mode; None if there are no pairs."""
        nll, symbols = 0.0, 0
        for batch in self.batches:
            assert batch.target is not None
            source, target = to_torch(batch.source, self.device), to_torch(batch.target, self.device)
            nll += float(teacher_forcing(model, source, target, 0.0).nll)
            symbols += int(batch.target.lengths.sum())
        return nll / symbols if symbols else None


class FreeRunning:
    """Decodes at most `most` examples, evenly spaced and always the same, and returns the value of one metric.

    loss: is measured too, and is the figure `nll`
    """

    def __init__(
        self, examples: list[Example], most: int, metric: str, evaluate: Evaluate, loss: HeldOutLoss | None = None
    ) -> None:
        self.examples = [examples[number] for number in spaced(len(examples), most)]
        self.metric, self.evaluate, self.loss = metric, evaluate, loss

    def __call__(self, model: nn.Module) -> Validation:
        """The figures of the current model; its mode (training or evaluation) does not change."""
        was_training = model.training
        figures, samples = self.evaluate(model.eval(), self.examples)
        loss = self.loss(model) if self.loss and "nll" not in figures else None  # type: ignore[arg-type]
        model.train(was_training)
        if loss is not None:
            figures = figures | {"nll": loss}
        return Validation(figures, self.metric, float(figures[self.metric]), better(self.metric), samples)
