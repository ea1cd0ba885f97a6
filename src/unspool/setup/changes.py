"""Which settings of a resumed run may change, and what a run inherits from another one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from unspool import folder as disk
from unspool.config import RunConfig, resolve
from unspool.config.values import merged
from unspool.data.columns import FIRST_TWO, Column, Columns, parse_columns
from unspool.errors import Mistake
from unspool.fields.field import Field
from unspool.fields.registry import Fields
from unspool.named_models import find_model
from unspool.runtime.manifest import usable_model
from unspool.tasks import read_fields


class Inherited(NamedTuple):
    """Another run's model and fields, the path of its weights, and the identity that these must have.

    known: the columns of its data, if a header named them and no others are asked for
    """

    config: RunConfig
    fields: Fields
    weights: Path
    identity: str
    known: Columns | None


def change(config: RunConfig, changes: dict[str, Any]) -> RunConfig:
    """A run's configuration with changed values; what its batches or its optimizer's state depend on cannot change."""
    changed = resolve(merged(config.model_dump(), changes | _model_changes(config, changes)))
    kept: list[tuple[str, Any, Any]] = [
        ("model", config.model.name, changed.model.name),
        ("model settings", config.model, changed.model),
        ("data", config.data, changed.data),
        ("seed", config.seed, changed.seed),
    ]
    parts = ("batch_symbols", "accumulate", "optimizer", "averaging")
    kept += [(name, getattr(config.training, name), getattr(changed.training, name)) for name in parts]
    for name, before, after in kept:
        if before != after:
            raise Mistake(
                f"A resumed run keeps its {name}.", "Start another from its weights: --from RUN --out ANOTHER"
            )
    return changed.model_copy(update={"model": config.model})


def _model_changes(config: RunConfig, changes: dict[str, Any]) -> dict[str, Any]:
    """The model's part of the changes, with `model.size` as the widths that it stands for."""
    model = changes.get("model")
    return {"model": config.model.spelled_out(model)} if isinstance(model, dict) else {}


def inherit(values: dict[str, Any], start_from: Path) -> Inherited:
    """Another run's model and fields, with the given model settings applied; contradictions are refused.

    values: plain values of settings
    """
    start_from = usable_model(find_model(start_from))
    other, metadata = disk.read_run(start_from)
    model = values.get("model", {})
    given = {"name": model} if isinstance(model, str) else model
    if given.get("name", other.model.name) != other.model.name:
        what = f"{start_from} holds a {other.model.name}, not a {given['name']}."
        raise Mistake(what, "Leave --model out, or train without --from.")
    config = resolve(values | {"model": other.model.model_dump() | other.model.spelled_out(given)})
    fields = read_fields(start_from, other)
    columns = parse_columns(config.data.columns) if config.data.columns else FIRST_TWO
    _check_kinds(start_from, "source", fields.source, columns.source, config.data.source_tokenizer)
    _check_kinds(start_from, "target", fields.target, columns.target or (), config.data.target_tokenizer)
    identity = disk.identity(other, metadata, *(field.to_json() for field in fields))
    known = Columns.named(metadata.columns) if metadata.columns and not config.data.columns else None
    return Inherited(config, fields, start_from / disk.WEIGHTS, identity, known)


def _check_kinds(run: Path, side: str, field: Field, columns: Sequence[Column], default: str) -> None:
    """Refuse columns whose tokenizers differ from those of the other run."""
    kinds, wanted = field.column_kinds, [column.tokenizer or default for column in columns]
    if len(kinds) != len(wanted) or any(name not in ("auto", kind) for name, kind in zip(wanted, kinds, strict=True)):
        what = f"{run} reads its {side} as {'+'.join(kinds)}, and {'+'.join(wanted)} was requested."
        raise Mistake(what, "Weights and tokenizers belong together: request the same, or train without --from.")
