"""From files to the data of a run: two fields, the training corpus, and examples to validate on.

How data is read depends on the kind of file that a field needs (`Field.container`): table, arrays, running text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

from unspool.config import DataConfig
from unspool.data.arrays import Arrays, read_arrays
from unspool.data.columns import Columns, parse_columns
from unspool.data.corpus import Corpus, Example, RawPair, encode_corpus, examples_of, raw_pairs
from unspool.data.drawings import read_sides
from unspool.data.inputs import Files
from unspool.data.reading import Reading
from unspool.data.reservoir import sample
from unspool.data.running_text import pieces, read_text, split_text, windows
from unspool.data.sequences import SOUND
from unspool.data.splits import SplitPart, held_out
from unspool.data.tables import Pairs
from unspool.errors import Mistake
from unspool.fields.field import ColumnData, Container, Field
from unspool.fields.registry import Fields, container_of, field_class, fit_fields
from unspool.plural import counted
from unspool.text.forms import FORMS, usual
from unspool.text.unseen import named
from unspool.types import Labels, Task


@dataclass(frozen=True)
class Prepared:
    """The data of a run, and messages about it for the user.

    examples, held_out: the validation data, to be answered and as pairs
    known:              the columns, if a header names them
    """

    fields: Fields
    corpus: Corpus
    examples: list[Example]
    held_out: Corpus
    messages: list[str]
    known: Columns | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What the data is prepared for.

    task:   the kinds of the fields to fit
    copies: whether the model can copy from the source
    fields: those of another run, to be reused; None if they are fitted on this data
    known:  the columns of that run, if a header named them
    """

    task: Task
    config: DataConfig
    copies: bool = False
    fields: Fields | None = None
    known: Columns | None = None


def prepare(files: Files, plan: Plan) -> Prepared:
    """Read, hold out validation data, fit the fields or reuse the given ones, and encode."""
    sides = plan.fields or [field_class(kind) for kind in plan.task]
    return PREPARERS[container_of(*sides)](files, plan)


def prepare_table(files: Files, plan: Plan) -> Prepared:
    """From tables, or from line-aligned files."""
    config = plan.config
    table, valid = files.open(Reading.of(config, plan.known))
    messages: list[str] = []
    training: Pairs | SplitPart = table
    validation: Pairs | SplitPart | None = valid
    if validation is None:
        split = held_out(table, config.held_out, config.held_out_most)
        training, validation = split.train, split.valid
        messages.append(split.message())
    fields = _fields(plan, *columns_of(training, config), messages)
    corpus = encode_corpus(raw_pairs(training), fields, config)
    examples = examples_of(validation)
    messages += table.stats.messages() + (valid.stats.messages() if valid else [])
    messages += [*corpus.messages(), *_unseen(examples, fields.source)]
    return Prepared(fields, corpus, examples, _held_out(examples, fields, config), messages, table.reading.known)


def prepare_arrays(files: Files, plan: Plan) -> Prepared:
    """From files and folders with sequences of real values."""
    config, messages, reading = plan.config, list[str](), Reading.of(plan.config, plan.known)
    if config.source_vectors:
        raise Mistake("Word vectors are for words, and this data holds real values.", "Leave data.source_vectors out.")
    _refuse_tokenizers(plan)
    held = files.held(reading)
    read = partial(read_sides, task=plan.task) if held.ink else partial(read_arrays, reading=reading)
    training = read(files.data)
    if files.valid:
        validation = read(files.valid)
    else:
        training, validation = training.split(config.held_out, config.held_out_most)
        messages.append(f"Held out {len(validation.targets):,} sequences for validation; use --valid FILE for others.")
    for arrays in (training, validation):
        _check_targets(arrays)
    messages += _single_steps(training)
    asked = _tokenizers(config)
    source, target = (
        ColumnData(partial(list, side), partial(list, side), kind if kind == SOUND else tokenizer)
        for side, kind, tokenizer in zip(training, held[:2], asked, strict=True)
    )
    fields = _fields(plan, [source], [target], messages)
    corpus = encode_corpus(map(RawPair._make, _numbered(training)), fields, config)
    examples = [Example(sequence, (answer,), line) for sequence, answer, line in _numbered(validation)]
    return Prepared(fields, corpus, examples, _held_out(examples, fields, config), [*messages, *corpus.messages()])


def _tokenizers(config: DataConfig) -> list[str]:
    """The tokenizers of both sides: those that the columns name, or those of the settings."""
    columns = parse_columns(config.columns) if config.columns else None
    sides = ((), ()) if columns is None else (columns.source, columns.target or ())
    named = [next((column.tokenizer for column in side if column.tokenizer), None) for side in sides]
    usual = (config.source_tokenizer, config.target_tokenizer)
    return [asked or default for asked, default in zip(named, usual, strict=True)]


def _single_steps(arrays: Arrays) -> list[str]:
    """How many sequences have a single step, which may be a slip."""
    count = sum(isinstance(item, np.ndarray) and len(item) == 1 for side in arrays for item in side)
    return [f"{counted(count, 'sequence has', 'sequences have')} a single step."] if count else []


def _refuse_tokenizers(plan: Plan) -> None:
    """Refuse tokenizers of real values; those of labels and texts beside them are checked as in a table."""
    for side in ("source", "target"):
        asked = getattr(plan.config, f"{side}_tokenizer")
        kind = getattr(plan.task, side)
        if asked not in ("auto", kind) and field_class(kind).container == "arrays":
            what = f"data.{side}_tokenizer={asked} is for text, and the {side} is real values."
            raise Mistake(what, f"Leave data.{side}_tokenizer out.")


def prepare_running_text(files: Files, plan: Plan) -> Prepared:
    """From running text: the end is held out, and the rest is cut into windows. Source and target share one field."""
    config, messages = plan.config, list[str]()
    if files.aligned or files.aligned_valid:
        raise Mistake("The model continues one text, and parallel files are two.", "Give one: unspool train FILE")
    training = read_text(files.data, config.encoding)
    if files.valid:
        validation = read_text(files.valid, config.encoding)
    else:
        training, validation = split_text(training, config.held_out)
        held = f"Held out the last {len(validation):,} of {len(training) + len(validation):,} characters"
        messages.append(f"{held} for validation; use --valid FILE for others.")
    fields = plan.fields
    if fields is None:
        tokenizers = (config.source_tokenizer, config.target_tokenizer)
        text = [ColumnData(lambda: [training], lambda: [training], tokenizer) for tokenizer in tokenizers]
        text.sort(key=lambda column: column.tokenizer == "auto")
        field_class(plan.task.source).check_columns(text)  # type: ignore[attr-defined]
        field = field_class(plan.task.source).fit(text[:1], config, "source").field
        fields = Fields(field, field)
    (later,) = fields.target.encode_many([validation]).parts
    unseen = fields.target.unknown(later.values)
    if unseen:
        messages.append(f"Symbols of the validation text that training never saw: {unseen:,}; they are read as <unk>.")
    (flat,) = fields.target.encode_many([training]).parts
    corpus, held_out = (windows(part, config.window, fields) for part in (flat, later))
    return Prepared(fields, corpus, pieces(validation), held_out, messages)


PREPARERS: dict[Container, Callable[[Files, Plan], Prepared]] = {
    "table": prepare_table,
    "arrays": prepare_arrays,
    "running_text": prepare_running_text,
}


def columns_of(pairs: Pairs | SplitPart, config: DataConfig) -> tuple[list[ColumnData], list[ColumnData]]:
    """The columns of both sides, each with its tokenizer; the sample is drawn when it is first needed."""
    drawn = cache(partial(sample, pairs))
    sides = (
        ("source", pairs.columns.source, config.source_tokenizer),
        ("target", pairs.columns.target or (), config.target_tokenizer),
    )
    source, target = (
        [
            ColumnData(
                partial(_cells, pairs, side, place),
                lambda side=side, place=place: [*_cells(drawn(), side, place)],  # type: ignore[misc]
                column.tokenizer or default,
            )
            for place, column in enumerate(columns)
        ]
        for side, columns, default in sides
    )
    return source, target


def _cells(pairs: Pairs | SplitPart | Sequence[object], side: str, place: int) -> map[str]:
    """One column of a side, row by row."""
    return map(lambda pair: getattr(pair, side)[place], pairs)  # noqa: C417


def _fields(plan: Plan, source: list[ColumnData], target: list[ColumnData], messages: list[str]) -> Fields:
    """The given fields, or fields fitted on the columns."""
    fields = plan.fields
    if fields is None:
        fields, chosen = fit_fields(plan.task, source, target, plan.config)
        messages += chosen
    return fields.copyable(plan.config) if plan.copies else fields


def _held_out(examples: list[Example], fields: Fields, config: DataConfig) -> Corpus:
    """A pair for each reference of the examples, except for labels that the model cannot write."""
    pairs = [RawPair(each.source, answer, each.line) for each in examples for answer in each.references]
    if isinstance(fields.target.dimension, Labels):
        target = fields.target
        pairs = [pair for pair in pairs if not target.unknown(target.encode(pair.target))]
    return encode_corpus(pairs, fields, config)


def _numbered(arrays: Arrays) -> list[tuple[object, object, int]]:
    lines = range(1, len(arrays.sequences) + 1)
    return list(zip(arrays.sequences, arrays.targets, lines, strict=True))


def _check_targets(arrays: Arrays) -> None:
    for number, target in enumerate(arrays.targets, 1):
        if isinstance(target, str) and not target.strip():
            what = f"Sequence {number} has no target to learn from."
            raise Mistake(what, "Give each one: 'targets' in an .npz, folders with labels as names, or a metadata.csv.")


def _unseen(examples: list[Example], source: Field) -> list[str]:
    """How many validation sources hold symbols that training never saw, which, and in which form it saw them."""
    symbols: list[str] = []
    forms: list[str] = []
    for example in examples:
        if unknown := source.unknown(source.encode(example.source)):
            symbols += source.unseen(example.source)
            forms.append(source.known_as(example.source, unknown))
    if not forms:
        return []
    sources = counted(len(forms), "validation source holds", "validation sources hold")
    messages = [f"{sources} symbols that training never saw ({named(symbols)}); they are read as <unk>."]
    if form := usual(forms):
        messages.append(
            f"Training saw some of them only {FORMS[form].advice}, or set data.lowercase or data.normalize."
        )
    return messages
