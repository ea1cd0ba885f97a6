"""The data of all models of a comparison, split once: pairs to train on, sources to validate on, sources to test on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from unspool.compare.comparison import Comparison
from unspool.data.corpus import Example
from unspool.data.preparation import prepare
from unspool.data.prepared import Plan, Prepared
from unspool.errors import Mistake
from unspool.fields.registry import Fields
from unspool.metrics.evaluation import Evaluation
from unspool.metrics.report import METRICS, Figures, evaluate
from unspool.setup.defaults import metrics_of
from unspool.training.validation import spaced
from unspool.types import Task

# The most sources to validate on; all others that are held out are the test.
VALIDATED = 500


@dataclass(frozen=True, slots=True)
class SharedData:
    """What every model and rival of a comparison has in common.

    prepared:  the data as rivals read it
    validated: how many of the held-out examples networks are validated on, evenly spaced
    test:      the other ones, which nothing has seen
    metrics:   of all rows of the table; the first one decides
    tokenizer: BLEU's
    """

    task: Task
    prepared: Prepared
    validated: int
    test: list[Example]
    metrics: list[str]
    tokenizer: str

    @property
    def fields(self) -> Fields:
        """The fields that rivals read and write."""
        return self.prepared.fields

    def lengths(self) -> list[int]:
        """The length of each test source in symbols; of running text, nothing is known."""
        source = self.fields.source
        return [] if source.overlaps else [len(source.encode(example.source)) for example in self.test]

    def measure(self, answers: list[object], log_probs: list[float] | None = None) -> Figures:
        """The figures of answers to the test, or of its log-likelihoods."""
        target = self.fields.target
        if log_probs is not None:
            lengths = np.array([target.length(example.references[0]) for example in self.test])
            evaluation = Evaluation(log_likelihoods=np.array(log_probs), lengths=lengths)
        else:
            references = [tuple(map(target.comparable, example.references)) for example in self.test]
            compared = [target.comparable(answer) for answer in answers]
            evaluation = Evaluation(compared, references, target.units, tokenizer=self.tokenizer)
        return evaluate(evaluation, self.metrics)


def share_data(comparison: Comparison) -> SharedData:
    """Read and split the data; fewer than four held-out examples are a `Mistake`."""
    task = comparison.task()
    config = comparison.config_of(comparison.models[0])
    prepared = prepare(comparison.files, Plan(task, config.data))
    examples = prepared.examples
    if len(examples) < 4:
        what = f"Only {len(examples)} of the data are held out, and half of that would be the test."
        raise Mistake(what, "Give more data, or more validation data: --valid FILE")
    validated = min(len(examples) // 2, VALIDATED)
    chosen = {*spaced(len(examples), validated)}
    test = [example for number, example in enumerate(examples) if number not in chosen]
    metrics, deciding, tokenizer = metrics_of(prepared.fields, examples, config.training)
    return SharedData(task, prepared, validated, test, _measurable(prepared.fields, metrics, deciding), tokenizer)


def _measurable(fields: Fields, metrics: list[str], deciding: str) -> list[str]:
    """The metrics that rivals have too, the deciding one first; a rival has no likelihood of values."""
    names = dict.fromkeys([deciding, *metrics])
    if not fields.target.has_answers:
        return list(names)
    return [name for name in names if METRICS[name].needs != "log_likelihoods"]
