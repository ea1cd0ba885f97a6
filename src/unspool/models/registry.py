"""The models by name. Listing them imports no model; building one imports PyTorch."""

from __future__ import annotations

import importlib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from unspool.config.model_families import AnyModelSettings
from unspool.errors import Mistake, nearest
from unspool.types import Dimensions, Seq2Seq, Task


@dataclass(frozen=True, slots=True)
class Entry:
    """The description of a model; see `catalogue.toml`.

    title:         the title of the paper, or where it appeared
    arxiv:         the paper's arXiv number, or empty
    parameters:    their number with default settings and `tasks.example_dimensions`
    reads, writes: kinds of field, the default one first
    english, korean: three sentences each that describe the model
    """

    paper: str
    year: int
    arxiv: str
    title: str
    kind: str
    parameters: int
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    english: tuple[str, ...]
    korean: tuple[str, ...]

    @property
    def task(self) -> Task:
        """The default task."""
        return Task(self.reads[0], self.writes[0])


@cache
def models() -> dict[str, Entry]:
    """All models, in alphabetical order."""
    listed = tomllib.loads((files("unspool.models") / "catalogue.toml").read_text(encoding="utf-8"))
    return {name: _entry(**values) for name, values in listed.items()}


def _entry(**values: Any) -> Entry:
    tuples: dict[str, Any] = {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
    return Entry(**{**values, **tuples})


def entry_of(name: str) -> Entry:
    """A model's entry; an unknown name is a `Mistake` that suggests the nearest."""
    if name not in models():
        raise Mistake(f"Unknown model '{name}'.", nearest(name, models()))
    return models()[name]


def build(settings: AnyModelSettings, dimensions: Dimensions) -> Seq2Seq:
    """A model with random parameters, drawn from PyTorch's generator."""
    entry_of(settings.name)
    model: Seq2Seq = importlib.import_module(f"unspool.models.{settings.name}").build(settings, dimensions)
    return model
