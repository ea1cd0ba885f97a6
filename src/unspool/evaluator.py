"""How good a model is on examples with known answers: metrics with intervals, and the outcome of each example."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from unspool.answers.answer import Answer, Notes, Prediction, messages_of
from unspool.answers.confidence import Confidence, calibrate
from unspool.arguments import texts_of
from unspool.config.words import our_metric
from unspool.data.corpus import Example
from unspool.errors import Mistake, nearest
from unspool.metrics.evaluation import Evaluation
from unspool.metrics.reliability import calibration_error, reliability, selective
from unspool.metrics.report import METRICS, Figures, evaluate
from unspool.metrics.scorers import bleu_scorer
from unspool.metrics.significance import RESAMPLES
from unspool.predictor import OnDone, Predictor
from unspool.types import Array


class Answered(NamedTuple):
    """The answer to one example, in the form in which it was compared, with the model's score in nats.

    symbols:    how many it has, and one for its end
    confidence: its probability of being right; None if the model has none
    right:      whether it equals a reference; None of real values, which never do
    """

    answer: Any
    score: float
    finished: bool
    symbols: int = 1
    confidence: float | None = None
    right: bool | None = None


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The result of an evaluation.

    figures: metrics, with the outcomes of all examples
    seconds: time of decoding alone
    notes:   how each example was read
    limit:   the most items of a source that are read
    answers: one for each example; empty if only likelihoods were measured
    at_least: the confidence from which on the figures of `selective` count answers; None: without them
    """

    figures: Figures
    seconds: float
    notes: list[Notes]
    limit: int
    answers: list[Answered]
    at_least: float | None = None

    def to_json(self) -> dict[str, Any]:
        """As `evaluate --json` writes it; rates in percent."""
        known = sum(note.lexicon for note in self.notes)
        counted = {"from_lexicon": known} if known else {}
        return self.figures.to_json() | counted | self._confidences() | {"seconds": round(self.seconds, 3)}

    def calibrate(self) -> Confidence | None:
        """How sure the model may be of other answers; None if these are too few, or never right or wrong."""
        known = [(one.score, one.symbols, one.right) for one in self.answers if one.right is not None]
        return calibrate(*map(np.array, zip(*known, strict=True))) if known else None

    def _confidences(self) -> dict[str, Any]:
        """What became of the confidences; empty if there are none."""
        known = [(one.confidence, one.right) for one in self.answers if None not in (one.confidence, one.right)]
        if not known:
            return {}
        confidences, right = (np.array(column) for column in zip(*known, strict=True))
        bins = reliability(confidences, right)
        chosen = {} if self.at_least is None else selective(confidences, right, self.at_least)
        error = {"calibration_error": round(calibration_error(bins), 4)}
        return chosen | error | {"reliability": [each.to_json() for each in bins]}

    def messages(self) -> list[str]:
        """A sentence for each thing that the user should know about how the examples were read."""
        return messages_of(self.notes, self.limit)


class Evaluator:
    """Measures a predictor."""

    def __init__(self, predictor: Predictor) -> None:
        self.predictor = predictor

    def evaluate(
        self,
        examples: Sequence[Example],
        *,
        metrics: Sequence[str] | None = None,
        resamples: int = RESAMPLES,
        bleu_tokenizer: str | None = None,
        on_done: OnDone | None = None,
        at_least: float | None = None,
        **decoding: Any,
    ) -> Evaluated:
        """Metrics of some examples, with 95 % intervals; default: those that suit the model's targets.

        resamples:      bootstrap samples for the intervals; 0: no intervals
        bleu_tokenizer: sacrebleu's; default: the one that was chosen for the training data
        at_least:       also the figures of answering only where confidence is at least this; others are of all answers
        """
        self.predictor.check_confidence(at_least)
        names = self.predictor.metadata.metrics if metrics is None else texts_of(metrics, "metrics")
        needs = {known(name) for name in names}
        self._refuse_answers([name for name in names if known(name) != "log_likelihoods"])
        tokenizer = bleu_tokenizer or self.predictor.metadata.bleu_tokenizer
        if "bleu" in names:
            bleu_scorer(tokenizer)  # a wrong one is an error before minutes are spent on answers
        begun = time.perf_counter()
        notes: list[Notes] = []
        answers: list[Answered] = []
        likelihoods: Array | None = None
        if needs & {"answers", "values"}:
            self._refuse_unaligned(examples)
            answers, notes = self._answers(examples, on_done, {"n_best": 1} | decoding)
        if "log_likelihoods" in needs:
            likelihoods, notes = self._likelihoods(examples, on_done)
        seconds = time.perf_counter() - begun
        evaluation = self._evaluation(examples, [one.answer for one in answers], likelihoods, tokenizer)
        figures = evaluate(evaluation, names, resamples=resamples)
        return Evaluated(figures, seconds, notes, self.predictor.limit, answers, at_least)

    def _refuse_answers(self, names: Sequence[str]) -> None:
        """Refuse metrics of answers if the model has no answers."""
        if names and not self.predictor.fields.target.has_answers:
            target = self.predictor.fields.target
            what = f"A model of {target.kind.replace('_', ' ')} has no right answers, so it has no {', '.join(names)}."
            raise Mistake(what, f"It is measured by {' and '.join(target.metrics(())[0])}.")

    def _refuse_unaligned(self, examples: Sequence[Example]) -> None:
        """Refuse references that cannot be compared item by item, if a model writes an item for each of the source."""
        reads, writes = self.predictor.fields
        if not writes.one_for_each:
            return
        pairs = [(one.source, reference, one.line) for one in examples for reference in one.references]
        read = [len(reads.encode(source)) for source, _, _ in pairs]
        right = [len(writes.encode(reference)) for _, reference, _ in pairs]
        writes.check_many(np.array(read), np.array(right), [line for _, _, line in pairs])

    def _answers(
        self, examples: Sequence[Example], on_done: OnDone | None, decoding: dict[str, Any]
    ) -> tuple[list[Answered], list[Notes]]:
        """The model's answers, in the form in which they are compared."""
        predictions = self.predictor.predict([example.source for example in examples], on_done=on_done, **decoding)
        answers = [self._answered(*both) for both in zip(predictions, examples, strict=True)]
        return answers, [prediction.notes for prediction in predictions]

    def _answered(self, prediction: Prediction, example: Example) -> Answered:
        compared = self.predictor.fields.target.comparable
        if prediction.values is not None:
            return Answered(compared(prediction.values), *_score(prediction.hypotheses))
        answer, best = compared(prediction.text), prediction.hypotheses[:1]
        right = isinstance(answer, str) and answer in map(compared, example.references)
        if not best or prediction.notes.lexicon:  # a person's answer says nothing about the model
            return Answered(answer, *_score(best))
        return Answered(answer, *_score(best), best[0].symbols, best[0].confidence, right)

    def _likelihoods(self, examples: Sequence[Example], on_done: OnDone | None) -> tuple[Array, list[Notes]]:
        """`[N]` log-likelihoods in nats, of the first reference of each example."""
        scores = self.predictor.score([(one.source, one.references[0]) for one in examples], on_done=on_done)
        overlaps = self.predictor.fields.source.overlaps
        notes = [
            score.notes._replace(unseen=0, cut=False, symbols=(), known_as="") if overlaps else score.notes
            for score in scores
        ]
        return np.array([score.log_prob for score in scores]), notes

    def _evaluation(
        self, examples: Sequence[Example], answers: list[Any], likelihoods: Array | None, tokenizer: str
    ) -> Evaluation:
        field = self.predictor.fields.target
        lengths = None
        if likelihoods is not None:
            lengths = np.array([field.length(example.references[0]) for example in examples])
        references = [tuple(map(field.comparable, example.references)) for example in examples] if answers else []
        return Evaluation(answers, references, field.units, likelihoods, lengths, tokenizer)


def _score(hypotheses: Sequence[Answer]) -> tuple[float, bool]:
    """The score of the best hypothesis, and whether it finished; an empty source has no hypothesis."""
    return (hypotheses[0].score, hypotheses[0].finished) if hypotheses else (0.0, True)


def known(name: str) -> str:
    """What a metric is computed from; an unknown metric is a `Mistake` that suggests the nearest name."""
    if name not in METRICS:
        word = our_metric(name)
        raise Mistake(f"There is no metric '{name}'.", f"Here it is {word}." if word else nearest(name, METRICS))
    return METRICS[name].needs
