"""The data of a run: what it is prepared for, and what comes out; and the steps that every kind of file shares."""

from __future__ import annotations

from dataclasses import dataclass

from unspool.config import DataConfig
from unspool.data.columns import Columns
from unspool.data.corpus import Corpus, Example, RawPair, encode_corpus
from unspool.fields.field import ColumnData
from unspool.fields.registry import Fields, fit_fields
from unspool.types import Labels, Task


@dataclass(frozen=True)
class Prepared:
    """The data of a run, and messages about it for the user.

    examples, held_out: the validation data, to be answered and as pairs
    known:              the columns, if a header names them
    left_out:           training pairs that `data.clean` left out, by reason; None if nothing was cleaned
    hallucinate:        how many pairs were made up for each real one
    """

    fields: Fields
    corpus: Corpus
    examples: list[Example]
    held_out: Corpus
    messages: list[str]
    known: Columns | None = None
    left_out: dict[str, int] | None = None
    hallucinate: float = 0.0


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


def fitted_fields(plan: Plan, source: list[ColumnData], target: list[ColumnData], messages: list[str]) -> Fields:
    """The given fields, or fields fitted on the columns."""
    fields = plan.fields
    if fields is None:
        fields, chosen = fit_fields(plan.task, source, target, plan.config)
        messages += chosen
    return fields.copyable(plan.config) if plan.copies else fields


def held_out_pairs(examples: list[Example], fields: Fields, config: DataConfig) -> Corpus:
    """A pair for each reference of the examples, except for labels that the model cannot write."""
    pairs = [RawPair(each.source, answer, each.line) for each in examples for answer in each.references]
    if isinstance(fields.target.dimension, Labels):
        target = fields.target
        pairs = [pair for pair in pairs if not target.unknown(target.encode(pair.target))]
    return encode_corpus(pairs, fields, config)
