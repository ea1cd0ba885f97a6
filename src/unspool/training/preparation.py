"""From tables to everything that a run learns from: tokenizers, the corpus, and examples to validate on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from unspool.config import DataConfig
from unspool.data.columns import Columns
from unspool.data.corpus import Corpus, Example, examples_of, tokenise
from unspool.plural import counted
from unspool.data.reservoir import sample
from unspool.data.splits import Part, held_out
from unspool.data.tables import Pair, Pairs
from unspool.errors import Mistake
from unspool.text import registry
from unspool.text.joined import JoinedTokenizer
from unspool.types import UNK, Form, Tokenizer

ANY = Form()


@dataclass(frozen=True)
class Prepared:
    """What a run learns from, and what a person should be told about it."""

    source_tokenizer: Tokenizer
    target_tokenizer: Tokenizer
    corpus: Corpus
    examples: list[Example]
    messages: list[str]


def prepare(
    table: Pairs, valid: Pairs | None, config: DataConfig, tokenizers: tuple[Tokenizer, ...], form: Form = ANY
) -> Prepared:
    """Read, hold out, choose and fit tokenizers (or keep the given ones, source and target), tokenise.

    form: what the model reads and writes
    """
    messages: list[str] = []
    training: Pairs | Part = table
    validation: Pairs | Part | None = valid
    if validation is None:
        split = held_out(table, config.held_out, config.held_out_most)
        training, validation = split.train, split.valid
        messages.append(split.message())
    source, target = tokenizers or fit(training, table.columns, config, messages, form)
    corpus = tokenise(
        training, source, target,
        max_source=config.max_source, max_target=config.max_target, max_sentence=config.max_sentence, form=form,
    )  # fmt: skip
    if form.writes == "label" and corpus.unknown_target:
        what = f"{counted(corpus.unknown_target, 'label is', 'labels are')} not among those that the model can say."
        raise Mistake(what, "Train it afresh, without --from; it learns all labels of its data.")
    examples = examples_of(validation)
    messages += table.reading.messages() + (valid.reading.messages() if valid else [])
    messages += [*corpus.messages(), *_unseen(examples, source)]
    return Prepared(source, target, corpus, examples, messages)


def fit(
    pairs: Pairs | Part, columns: Columns, config: DataConfig, messages: list[str], form: Form = ANY
) -> tuple[Tokenizer, Tokenizer]:
    """A tokenizer for each column by name, or chosen from a sample of the pairs; several of a side are joined."""
    source = [column.tokenizer or config.source_tokenizer for column in columns.source]
    target = [column.tokenizer or config.target_tokenizer for column in columns.target or ()]
    source, target = _of_form(form, source, target)
    seen = sample(pairs) if "auto" in source + target else []
    if config.shared_vocabulary:
        both = _fit_both(pairs, seen, source + target, config, messages)
        return both, both

    of_source = fit_side(pairs, seen, "source", source, config, messages)
    return of_source, fit_side(pairs, seen, "target", target, config, messages)


def fit_side(
    pairs: Iterable[Pair], seen: list[Pair], side: str, kinds: list[str], config: DataConfig, messages: list[str]
) -> Tokenizer:
    """A tokenizer of each of a side's kinds, "auto" being chosen from the pairs `seen`; several are joined."""
    parts = []
    for place, kind in enumerate(kinds):
        if kind == "auto":
            kind, reason = registry.suggest(list(_column(seen, side, place)))
            messages.append(f"The {side} is read as {kind}: {reason}")
        lines = _column(pairs, side, place)
        parts.append(registry.fit(kind, lines, size=config.subword_size, min_count=config.min_count))
    return parts[0] if len(parts) == 1 else JoinedTokenizer(parts)


def _fit_both(
    pairs: Pairs | Part, seen: list[Pair], kinds: list[str], config: DataConfig, messages: list[str]
) -> Tokenizer:
    """One tokenizer of one kind, fitted on both sides."""
    asked = sorted({*kinds} - {"auto"})
    if len(kinds) != 2 or len(asked) > 1 or asked == ["label"]:
        what = f"One vocabulary for both sides needs one column and one tokenizer for each, not {', '.join(kinds)}."
        raise Mistake(what, "Name the same tokenizer for both, or leave data.shared_vocabulary out.")

    def lines(some: Iterable[Pair]) -> Iterator[str]:
        return chain(_column(some, "source", 0), _column(some, "target", 0))

    kind = asked[0] if asked else ""
    if not kind:
        kind, reason = registry.suggest(list(lines(seen)))
        messages.append(f"Both sides are read as {kind}: {reason}")
    return registry.fit(kind, lines(pairs), size=config.subword_size, min_count=config.min_count)


def _of_form(form: Form, source: list[str], target: list[str]) -> tuple[list[str], list[str]]:
    """Kinds of tokenizers, where what the model writes leaves no choice: one label is one symbol, labels are words."""
    if form.writes == "label":
        if len(target) > 1 or target[0] not in ("auto", "label"):
            what = f"The model writes one label, and the target was to be read as {'+'.join(target)}."
            raise Mistake(what, "Name one target column, and no tokenizer for it.")
        return source, ["label"]
    if form.writes == "labels":
        return [_words(kind) for kind in source], [_words(kind) for kind in target]
    return source, target


def _words(kind: str) -> str:
    return "words" if kind == "auto" else kind


def _column(pairs: Iterable[Pair], side: str, place: int) -> Iterator[str]:
    """One column of a side, row by row."""
    return (getattr(pair, side)[place] for pair in pairs)


def _unseen(examples: list[Example], source: Tokenizer) -> list[str]:
    """How many validation sources hold symbols that training never saw."""
    texts = (example.source for example in examples if isinstance(example.source, str))
    count = sum(UNK in source.encode(text) for text in texts)
    sources = counted(count, "validation source holds", "validation sources hold")
    return [f"{sources} symbols never seen in training; they read as <unk>."] if count else []
