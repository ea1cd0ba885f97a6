"""Every setting with its type, its default and a sentence: what `unspool settings` lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from unspool.config.run import SECTIONS, RunConfig, model_settings
from unspool.config.settings import Settings
from unspool.errors import Mistake, nearest

# As the library of constraints names a bound, and as a person reads it.
BOUNDS = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
PLAIN = {int: "integer", float: "number", str: "text", bool: "true or false"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.

    key:     as in `--set`: section.name
    type:    its values, as a person reads them
    default: its value unless it is set; None: nothing is set
    """

    key: str
    type: str
    default: Any
    description: str


def settings_of(model: str) -> list[Setting]:
    """The settings of a run with this model; an unknown model is a `Mistake`."""
    kinds = model_settings()
    if model not in kinds:
        raise Mistake(f"Unknown model '{model}'.", nearest(model, kinds))
    sections: dict[str, type[Settings]] = {"model": kinds[model], **SECTIONS, "": RunConfig}
    return [setting for section, kind in sections.items() for setting in _settings(section, kind)]


def _settings(section: str, kind: type[Settings]) -> Iterator[Setting]:
    for name, field in kind.model_fields.items():
        if name in (("model", *SECTIONS) if section == "" else ("name",)):
            continue
        key = f"{section}.{name}" if section else name
        default = field.get_default(call_default_factory=True)
        yield Setting(key, type_of(field), default, field.description or "")


def type_of(field: FieldInfo) -> str:
    """The values of a setting in words.

    >>> type_of(RunConfig.model_fields["seed"])
    'integer, at least 0, below 9223372036854775808'
    """
    bounds = [
        f"{words} {getattr(rule, bound)}" for rule in field.metadata for bound, words in BOUNDS.items()
        if getattr(rule, bound, None) is not None
    ]  # fmt: skip
    return ", ".join([_kind(field.annotation), *bounds])


def _kind(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return " | ".join(map(str, get_args(annotation)))
    if get_origin(annotation) in (Union, UnionType):
        return " or ".join(_kind(part) for part in get_args(annotation) if part is not NoneType)
    return PLAIN[annotation]
