"""The kinds of field by name, and the two fields of a task: fitted on data, or read from JSON.

To add a kind of data, add a file to this folder, named like the kind, and a line to `FIELDS`.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from unspool.config import DataConfig
from unspool.errors import Mistake, nearest
from unspool.fields.copyable_text import CopyableTextField
from unspool.fields.field import ColumnData, Container, Field, Side
from unspool.fields.ink import InkField
from unspool.fields.text import TextField, fit_shared
from unspool.fields.values import ValuesField
from unspool.text.registry import is_tokenizer
from unspool.types import Dimensions, Task

# The class of each kind; the name of its file is the kind.
FIELDS = {
    "text": "TextField",
    "document": "DocumentField",
    "label": "LabelField",
    "tags": "TagsField",
    "running_text": "RunningTextField",
    "values": "ValuesField",
    "ink": "InkField",
    "aligned_values": "AlignedValuesField",
}
# Kinds with another name on disk.
STORED = {ValuesField.stored: ValuesField.kind}


@cache
def field_class(kind: str) -> type[Field]:
    """The class of a kind of field; an unknown kind is a `Mistake` that suggests the nearest."""
    if kind not in FIELDS:
        raise Mistake(f"There is no kind of field '{kind}'.", nearest(kind, FIELDS))
    found: type[Field] = getattr(importlib.import_module(f"unspool.fields.{kind}"), FIELDS[kind])
    return found


def container_of(source: Field | type[Field], target: Field | type[Field]) -> Container:
    """Where the data of two fields comes from: text beside real values comes in their files."""
    return target.container if target.container == "arrays" else source.container


class Fields(NamedTuple):
    """The source field and the target field."""

    source: Field
    target: Field

    @property
    def container(self) -> Container:
        """Where their data comes from."""
        return container_of(*self)

    @property
    def dimensions(self) -> Dimensions:
        """What a network must know about the two fields."""
        return Dimensions(self.source.dimension, self.target.dimension)

    @property
    def task(self) -> Task:
        """The kinds of the two fields."""
        return Task(self.source.kind, self.target.kind)

    def one_vocabulary(self) -> bool:
        """Whether both sides have the same vocabulary."""
        return self.source.to_json() == self.target.to_json()

    def copyable(self, config: DataConfig) -> Fields:
        """The same fields, but with a source whose symbols can be copied into the target."""
        if not isinstance(self.source, TextField) or not isinstance(self.target, TextField):
            raise Mistake("Real values cannot be copied into a text.", "Leave model.copying out.")
        source, target, most = self.source.tokenizer, self.target.tokenizer, config.max_source
        read = CopyableTextField(source, target, most, self.source.folding)
        return Fields(read, TextField(target, ends=True, most_copied=most, folding=self.target.folding))


def fit_fields(
    task: Task, source: Sequence[ColumnData], target: Sequence[ColumnData], config: DataConfig
) -> tuple[Fields, list[str]]:
    """Both fields of a task, fitted on their columns, and messages about what was chosen."""
    reads, writes = field_class(task.source), field_class(task.target)
    if writes.default_source_tokenizer != "auto":
        source = [_with_default(column, writes.default_source_tokenizer) for column in source]
    if config.shared_vocabulary and issubclass(reads, TextField) and issubclass(writes, TextField):
        one, other, messages = fit_shared((reads, writes), [*source, *target], config)
        return Fields(one, other), messages
    if issubclass(reads, InkField) and issubclass(writes, InkField):  # a drawing that is continued has one scale
        ink, messages = writes.fit(target, config, "target")
        assert isinstance(ink, InkField)
        return Fields(ink.on("source"), ink), messages
    read, written = reads.fit(source, config, "source"), writes.fit(target, config, "target")
    return Fields(read.field, written.field), read.messages + written.messages


def read_field(data: dict[str, Any], kinds: Sequence[str], config: DataConfig, side: Side) -> Field:
    """A field from its JSON. kinds: those that the model supports on this side, the default one first."""
    kind = str(data.get("kind", ""))
    if is_tokenizer(data):
        kind = next(name for name in kinds if issubclass(field_class(name), TextField))
    return field_class(STORED.get(kind, kind)).from_json(data, config, side)


def asked_kind(tokenizers: Sequence[str]) -> str | None:
    """The kind of field, if `--columns` names one instead of a tokenizer."""
    (name,) = tokenizers if len(tokenizers) == 1 else ("",)
    return name if name in FIELDS and name not in _ALSO_TOKENIZERS else None


_ALSO_TOKENIZERS: Mapping[str, None] = dict.fromkeys(name for name in FIELDS if is_tokenizer({"kind": name}))


def _with_default(column: ColumnData, tokenizer: str) -> ColumnData:
    return column._replace(tokenizer=tokenizer) if column.tokenizer == "auto" else column
