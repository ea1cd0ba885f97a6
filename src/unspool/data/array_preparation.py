"""The data of a run from files and folders with real values, on one side or on both."""

from __future__ import annotations

from functools import partial

import numpy as np

from unspool.config import DataConfig
from unspool.data.arrays import Arrays, read_arrays
from unspool.data.columns import parse_columns
from unspool.data.corpus import Example, RawPair, encode_corpus
from unspool.data.drawings import read_sides
from unspool.data.inputs import Files
from unspool.data.prepared import Plan, Prepared, fitted_fields, held_out_pairs
from unspool.data.reading import Reading
from unspool.data.sequences import SOUND
from unspool.errors import Mistake
from unspool.fields.field import ColumnData
from unspool.fields.registry import field_class
from unspool.plural import counted


def prepare_arrays(files: Files, plan: Plan) -> Prepared:
    """From files and folders with sequences of real values."""
    config, messages, reading = plan.config, list[str](), Reading.of(plan.config, plan.known)
    if config.source_vectors:
        raise Mistake("Word vectors are for words, and this data holds real values.", "Leave data.source_vectors out.")
    _refuse_tokenizers(plan)
    held = files.held(reading)
    read = (
        partial(read_sides, task=plan.task, tell=messages.append) if held.ink else partial(read_arrays, reading=reading)
    )
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
    fields = fitted_fields(plan, [source], [target], messages)
    corpus = encode_corpus(map(RawPair._make, _numbered(training)), fields, config)
    examples = [Example(sequence, (answer,), line) for sequence, answer, line in _numbered(validation)]
    return Prepared(fields, corpus, examples, held_out_pairs(examples, fields, config), [*messages, *corpus.messages()])


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


def _numbered(arrays: Arrays) -> list[tuple[object, object, int]]:
    lines = range(1, len(arrays.sequences) + 1)
    return list(zip(arrays.sequences, arrays.targets, lines, strict=True))


def _check_targets(arrays: Arrays) -> None:
    for number, target in enumerate(arrays.targets, 1):
        if isinstance(target, str) and not target.strip():
            what = f"Sequence {number} has no target to learn from."
            raise Mistake(what, "Give each one: 'targets' in an .npz, folders with labels as names, or a metadata.csv.")
