"""Defaults that depend on the data: settings, metrics, BLEU's tokenizer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from unspool.config import RunConfig, Settings, TrainingConfig
from unspool.config.model_families import AnyModelSettings
from unspool.data.corpus import Example
from unspool.data.prepared import Prepared
from unspool.fields.registry import Fields
from unspool.metrics.scorers import bleu_scorer
from unspool.metrics.scripts import bleu_tokenizer
from unspool.setup.recommended import Work, chosen_keys, decoding_settings, model_settings, training_settings
from unspool.types import Task

S = TypeVar("S", bound=Settings)

# Reference answers that are examined to choose metrics.
EXAMINED = 1000


def with_defaults(config: RunConfig, prepared: Prepared, *, start_from: bool = False) -> RunConfig:
    """The configuration, completed with the settings that depend on the data and the time given.

    start_from: whether the weights of another run are trained further, so that the optimizer's defaults are kept
    Answers may be 1.5 times as long as the longest target of training. If the model is measured by its likelihood,
    labels are not smoothed. Pretrained word vectors get the plain learning rate, so that they are not lost in the first
    updates. The other choices are those of `recommended`.
    """
    training, decoding, corpus = config.training, config.decoding, prepared.corpus
    target, work = prepared.fields.target, work_of(config, prepared)
    model = _completed(config.model, model_settings(config.model, work))
    training = _completed(training, training_settings(training, work, model=model, anew=not start_from))
    if "label_smoothing" not in training.model_fields_set and not target.smoothed:
        training = training.model_copy(update={"label_smoothing": 0.0})
    if training.embedding_rate is None and (config.data.source_vectors or config.data.target_vectors):
        training = training.model_copy(update={"embedding_rate": 1.0})
    decoding = _completed(decoding, decoding_settings(decoding, work))
    if "max_length" not in decoding.model_fields_set:
        longest = target.longest_answer(int(corpus.targets.lengths().max(initial=0)), config.data)
        decoding = decoding.model_copy(update={"max_length": longest})
    data = config.data.model_copy(update={"hallucinate": prepared.hallucinate})
    return config.model_copy(update={"model": model, "data": data, "training": training, "decoding": decoding})


def chosen_from_data(model: AnyModelSettings, task: Task) -> set[str]:
    """The settings, as in `--set`, that `with_defaults` may choose for a model with this task."""
    always = {"training.label_smoothing", "training.embedding_rate", "decoding.max_length"}
    return chosen_keys(model, *task) | always | ({"data.hallucinate"} if task == ("text", "text") else set())


def work_of(config: RunConfig, prepared: Prepared) -> Work:
    """What there is to learn, and how long."""
    corpus, fields = prepared.corpus, prepared.fields
    sources, targets = int(corpus.sources.lengths().sum()), int(corpus.targets.lengths().sum())
    vocabulary = max(getattr(side, "count", 0) for side in fields.dimensions)
    training, symbols = config.training, sources + targets
    limits: list[float] = [training.epochs] if training.epochs else []
    if training.max_updates:
        limits.append(training.max_updates * training.batch_symbols * training.accumulate / max(1, symbols))
    return Work(
        len(corpus), symbols, targets, vocabulary, *fields.task, training.max_minutes, min(limits, default=None)
    )


def _completed(settings: S, chosen: dict[str, Any]) -> S:
    """Settings with chosen values, checked."""
    return type(settings).model_validate(settings.model_dump(exclude_unset=True) | chosen)


def metrics_of(fields: Fields, examples: Sequence[Example], training: TrainingConfig) -> tuple[list[str], str, str]:
    """The metrics, the one that selects the best weights, and BLEU's tokenizer: those of the settings, or that suit."""
    answers = [answer for example in examples[:EXAMINED] for answer in example.references]
    names, deciding = fields.target.metrics(answers)
    tokenizer = training.bleu_tokenizer
    if tokenizer == "auto":
        tokenizer = bleu_tokenizer(map(fields.target.text_of, answers))
    else:
        bleu_scorer(tokenizer)  # a wrong one is an error before training
    return names, deciding if training.metric == "auto" else training.metric, tokenizer
