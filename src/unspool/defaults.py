"""Defaults that depend on the data: settings, metrics, BLEU's tokenizer."""

from __future__ import annotations

from collections.abc import Sequence

from unspool.config import RunConfig, TrainingConfig
from unspool.data.corpus import Corpus, Example
from unspool.data.preparation import Prepared
from unspool.fields.registry import Fields
from unspool.metrics.scorers import bleu_scorer
from unspool.metrics.scripts import bleu_tokenizer

# The least number of batches in an epoch, unless `batch_symbols` is given.
BATCHES = 32
FEWEST_SYMBOLS = 256
# Reference answers that are examined to choose metrics.
EXAMINED = 1000


def with_defaults(config: RunConfig, prepared: Prepared) -> RunConfig:
    """The configuration, completed with the settings that depend on the data.

    Answers may be 1.5 times as long as the longest target of training. An epoch of small data has at least `BATCHES`
    batches, so that it takes more than a few updates. If the model is measured by its likelihood, labels are not
    smoothed. Pretrained word vectors get the plain learning rate, so that they are not lost in the first updates.
    """
    training, decoding, corpus = config.training, config.decoding, prepared.corpus
    target = prepared.fields.target
    if "label_smoothing" not in training.model_fields_set and not target.smoothed:
        training = training.model_copy(update={"label_smoothing": 0.0})
    if training.embedding_rate is None and (config.data.source_vectors or config.data.target_vectors):
        training = training.model_copy(update={"embedding_rate": 1.0})
    if "max_length" not in decoding.model_fields_set:
        longest = target.longest_answer(int(corpus.targets.lengths().max(initial=0)), config.data)
        decoding = decoding.model_copy(update={"max_length": longest})
    if "batch_symbols" not in training.model_fields_set:
        most = min(training.batch_symbols, symbols_of(corpus) // BATCHES)
        training = training.model_copy(update={"batch_symbols": max(FEWEST_SYMBOLS, most)})
    return config.model_copy(update={"training": training, "decoding": decoding})


def symbols_of(corpus: Corpus) -> int:
    """The number of symbols of sources and targets together."""
    return int(corpus.sources.lengths().sum() + corpus.targets.lengths().sum())


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
