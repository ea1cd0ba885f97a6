"""Plain values of a configuration: from a TOML file, from `--set`, from single flags."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from unspool.config.run import RunConfig
from unspool.errors import Mistake, nearest

# The most bytes of a file of settings, and the most characters of a line of it: parsing takes their square.
LARGEST, LONGEST = 1 << 18, 1 << 12


def read_config(path: Path) -> dict[str, Any]:
    """The values of a TOML file, unchecked: sections model, data, training and decoding, and keys such as `seed`."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise Mistake(f"There is no configuration file {path}.", "Check the path given to --config.") from None
    except OSError as error:
        raise Mistake(f"{path} cannot be read: {error.strerror}.", "Give --config a TOML file.") from None
    if len(content) > LARGEST or max(map(len, content.split(b"\n"))) > LONGEST:
        what = f"{path} is no file of settings: it is longer than {LARGEST:,} bytes, or a line than {LONGEST:,}."
        raise Mistake(what, "Give --config a TOML file.")
    try:
        return _toml(content.decode("utf-8-sig").replace("\r\n", "\n"))
    except ValueError as error:
        raise Mistake(f"{path} is not valid TOML: {error}.", "Correct that line; strings need quotes.") from None


def assign(values: dict[str, Any], assignment: str) -> None:
    """Put `section.key=value`, as `--set` takes it, into plain values; the value is read as TOML, else as text."""
    key, equals, text = assignment.partition("=")
    if not equals or not key.strip():
        raise Mistake(f"--set '{assignment}' is not of the form section.key=value.", "Example: --set training.epochs=5")
    if len(assignment) > LONGEST:
        raise Mistake(f"--set '{assignment[:40]}…' is longer than {LONGEST:,} characters.", "Set one value at a time.")
    try:
        value = _toml(f"value = {text}")["value"]
    except ValueError:
        value = text.strip()
    _put(values, key.strip(), value)


def configuration(file: Path | None, assignments: Iterable[str], given: dict[str, Any]) -> dict[str, Any]:
    """Plain values from a file, then `section.key=value`, then single values (None: not given); later ones win."""
    values = read_config(file) if file else {}
    for assignment in assignments:
        assign(values, assignment)
    for key, value in given.items():
        inner = {f"{key}.{name}": some for name, some in value.items()} if isinstance(value, dict) else {key: value}
        for name, some in inner.items():
            if some is not None:
                _put(values, name, some)
    return values


def _toml(text: str) -> dict[str, Any]:
    """Values of TOML; a `ValueError` for whatever is wrong with it."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("values are nested too deeply") from None


def merged(values: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Plain values updated with changes, section by section."""
    sections = {key: values[key] | value for key, value in changes.items() if isinstance(value, dict) and key in values}
    return values | changes | sections


def _put(values: dict[str, Any], key: str, value: Any) -> None:
    """Set `section.key` in nested values; a bare `model` is its name."""
    *sections, name = key.split(".")
    for section in sections:
        inner = values.setdefault(section, {})
        if section == "model" and isinstance(inner, str):
            inner = values[section] = {"name": inner}
        if not isinstance(inner, dict):
            what = f"'{section}' is a single setting, so there is no '{key}'."
            raise Mistake(what, nearest(key, RunConfig.model_fields))
        values = inner
    values[name] = value
