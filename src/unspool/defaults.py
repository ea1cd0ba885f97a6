"""What the data decides where nobody asked for a value."""

from __future__ import annotations

from collections.abc import Sequence

from unspool.config import RunConfig
from unspool.data.corpus import Corpus, Example
from unspool.data.preparation import Prepared
from unspool.fields.registry import Fields

# Batches of an epoch, at least, unless `batch_symbols` is given.
BATCHES = 32
FEWEST_SYMBOLS = 256
# Right answers that are looked at to choose metrics.
LOOKED_AT = 1000


def with_defaults(config: RunConfig, prepared: Prepared) -> RunConfig:
    """The configuration, with the settings that the data decides.

    Answers may be half as long again as the longest one of training. An epoch of small data is cut into at least
    `BATCHES` batches, so that it takes more than a handful of updates. What is measured by its likelihood is not
    smoothed. Word vectors learned elsewhere are not to be forgotten at once.
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
    """Of sources and targets together."""
    return int(corpus.sources.lengths().sum() + corpus.targets.lengths().sum())


def metrics_of(fields: Fields, examples: Sequence[Example], wanted: str) -> tuple[list[str], str, str]:
    """What is measured, which figure decides (`wanted`, unless that is "auto"), and BLEU's tokenizer."""
    answers = [answer for example in examples[:LOOKED_AT] for answer in example.references]
    names, deciding = fields.target.metrics(answers)
    texts = [fields.target.text_of(answer) for answer in answers]
    return names, deciding if wanted == "auto" else wanted, bleu_tokenizer(texts)


def bleu_tokenizer(answers: Sequence[str]) -> str:
    """sacrebleu's `char` for Hangul, Han and Kana, whose words no space or many endings delimit; else `13a`."""
    text = "".join(answers)
    letters = sum(character.isalpha() for character in text)
    east_asian = sum(character >= "\u1100" for character in text if character.isalpha())
    return "char" if east_asian > letters / 2 else "13a"
