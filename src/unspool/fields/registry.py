"""The kinds of field by name, and the two fields of a task: learned from data, or read back.

A kind of data of your own is a file in this folder, called as its kind, and a line in `FIELDS`.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from unspool.config import DataConfig
from unspool.errors import Mistake, nearest
from unspool.fields.copyable_text import CopyableTextField
from unspool.fields.field import ColumnData, Field, Side
from unspool.fields.text import TextField, fit_shared
from unspool.fields.values import ValuesField
from unspool.text.registry import is_tokenizer
from unspool.types import Dimensions, Task

# The class of each kind; the file has the kind's name.
FIELDS = {
    "text": "TextField",
    "document": "DocumentField",
    "label": "LabelField",
    "tags": "TagsField",
    "running_text": "RunningTextField",
    "values": "ValuesField",
}
# A kind on disk that is not the field's own name.
STORED = {ValuesField.stored: ValuesField.kind}


@cache
def field_class(kind: str) -> type[Field]:
    """The class of a kind of field; an unknown one is a `Mistake` that names the nearest."""
    if kind not in FIELDS:
        raise Mistake(f"There is no kind of field '{kind}'.", nearest(kind, FIELDS))
    found: type[Field] = getattr(importlib.import_module(f"unspool.fields.{kind}"), FIELDS[kind])
    return found


class Fields(NamedTuple):
    """What is read and what is written."""

    source: Field
    target: Field

    @property
    def dimensions(self) -> Dimensions:
        """What a network must know of them."""
        return Dimensions(self.source.dimension, self.target.dimension)

    @property
    def task(self) -> Task:
        """By kinds of field."""
        return Task(self.source.kind, self.target.kind)

    def one_vocabulary(self) -> bool:
        """Whether the same ids mean the same on both sides."""
        return self.source.to_json() == self.target.to_json()

    def copyable(self, config: DataConfig) -> Fields:
        """The same, the source's symbols being such that can be copied into the target."""
        if not isinstance(self.source, TextField) or not isinstance(self.target, TextField):
            raise Mistake("Real values cannot be copied into a text.", "Leave model.copying out.")
        source, target, most = self.source.tokenizer, self.target.tokenizer, config.max_source
        return Fields(CopyableTextField(source, target, most), TextField(target, ends=True, most_copied=most))


def fit_fields(
    task: Task, source: Sequence[ColumnData], target: Sequence[ColumnData], config: DataConfig
) -> tuple[Fields, list[str]]:
    """Both fields of a task, learned from their columns, and sentences on what was chosen."""
    reads, writes = field_class(task.source), field_class(task.target)
    if writes.default_source_tokenizer != "auto":
        source = [_with_default(column, writes.default_source_tokenizer) for column in source]
    if config.shared_vocabulary and issubclass(reads, TextField) and issubclass(writes, TextField):
        one, other, messages = fit_shared((reads, writes), [*source, *target], config)
        return Fields(one, other), messages
    read, written = reads.fit(source, config, "source"), writes.fit(target, config, "target")
    return Fields(read.field, written.field), read.messages + written.messages


def read_field(data: dict[str, Any], kinds: Sequence[str], config: DataConfig, side: Side) -> Field:
    """A field from its JSON. kinds: those that the model reads or writes on this side, the usual one first."""
    kind = str(data.get("kind", ""))
    if is_tokenizer(data):
        kind = next(name for name in kinds if issubclass(field_class(name), TextField))
    return field_class(STORED.get(kind, kind)).from_json(data, config, side)


def asked_kind(tokenizers: Sequence[str]) -> str | None:
    """The kind of field that `--columns` asks for in a tokenizer's place, if it does."""
    (name,) = tokenizers if len(tokenizers) == 1 else ("",)
    return name if name in FIELDS and name not in _ALSO_TOKENIZERS else None


_ALSO_TOKENIZERS: Mapping[str, None] = dict.fromkeys(name for name in FIELDS if is_tokenizer({"kind": name}))


def _with_default(column: ColumnData, tokenizer: str) -> ColumnData:
    return column._replace(tokenizer=tokenizer) if column.tokenizer == "auto" else column
