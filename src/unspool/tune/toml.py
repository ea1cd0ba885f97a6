"""Plain values of settings as TOML: what `--config` reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def to_toml(values: Mapping[str, Any], comments: Iterable[str] = ()) -> str:
    """Values and sections of values, with comments above.

    >>> print(to_toml({"seed": 1, "model": {"name": "gnmt", "residual": True}}, ["Found."]), end="")
    # Found.
    seed = 1
    <BLANKLINE>
    [model]
    name = "gnmt"
    residual = true
    """
    return "\n".join(_lines(values, comments)) + "\n"


def _lines(values: Mapping[str, Any], comments: Iterable[str]) -> Iterator[str]:
    yield from (f"# {comment}" for comment in comments)
    sections = {key: value for key, value in values.items() if isinstance(value, Mapping)}
    yield from _pairs({key: value for key, value in values.items() if key not in sections})
    for name, inner in sections.items():
        yield ""
        yield f"[{name}]"
        yield from _pairs(inner)


def _pairs(values: Mapping[str, Any]) -> Iterator[str]:
    for key, value in values.items():
        if value is not None:
            yield f"{key} = {_value(value)}"


def _value(value: Any) -> str:
    # JSON writes texts, numbers and switches as TOML does.
    return json.dumps(value, ensure_ascii=False)
