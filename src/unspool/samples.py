"""A few held-out sources with the model's answers, for people who watch a training."""

from __future__ import annotations

from collections.abc import Sequence

from unspool.answers.answer import Prediction
from unspool.data.corpus import Example
from unspool.fields.registry import Fields
from unspool.predictor import Predictor
from unspool.training.progress import Sample
from unspool.training.validation import spaced

COUNT = 3
# The most symbols of an answer, and of a text's continuation; a screen shows no more.
SYMBOLS, CONTINUED = 200, 60


def samples_of(predictor: Predictor, examples: Sequence[Example]) -> tuple[Sample, ...]:
    """The first example and two others, evenly spaced: the same ones at every validation."""
    chosen = [examples[number] for number in spaced(len(examples), COUNT)]
    continues = predictor.fields.target.overlaps
    longest = min(CONTINUED if continues else SYMBOLS, predictor.config.decoding.max_length)
    answers = predictor.predict([example.source for example in chosen], beam=1, n_best=1, max_length=longest)
    sample = _continued if continues else _answered
    return tuple(sample(predictor.fields, *both) for both in zip(chosen, answers, strict=True))


def _answered(fields: Fields, example: Example, answer: Prediction) -> Sample:
    source, target = fields
    given = answer.text if answer.values is None else answer.values
    right = answer.values is None and target.comparable(given) in map(target.comparable, example.references)
    references = tuple(map(target.excerpt, example.references))
    return Sample(source.excerpt(example.source), target.excerpt(given), references, right)


def _continued(fields: Fields, example: Example, answer: Prediction) -> Sample:
    """The end of the text so far, and how it goes on."""
    continuation = example.references[0][:CONTINUED]
    return Sample(example.source[-CONTINUED:], answer.text, (continuation,), answer.text == continuation)
