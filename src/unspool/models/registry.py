"""The models by name. Listing them imports none of them; building one imports PyTorch."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from unspool.config import Settings, validated
from unspool.errors import Mistake, nearest
from unspool.types import Seq2Seq, Sizes

if TYPE_CHECKING:
    from types import ModuleType


@dataclass(frozen=True, slots=True)
class Entry:
    """A model as people look for it. Its file has a `Settings` class and `build(settings, sizes)`."""

    paper: str
    year: int
    arxiv: str
    kind: str


MODELS = {
    "bahdanau": Entry("Bahdanau, Cho, Bengio", 2014, "1409.0473", "attention inside the recurrence"),
    "cho": Entry("Cho et al.", 2014, "1406.1078", "no attention, one context"),
    "gnmt": Entry("Wu et al.", 2016, "1609.08144", "deep, attention at the bottom"),
    "luong": Entry("Luong, Pham, Manning", 2015, "1508.04025", "attention beside the recurrence"),
    "sutskever": Entry("Sutskever, Vinyals, Le", 2014, "1409.3215", "no attention"),
    "transformer": Entry("Vaswani et al.", 2017, "1706.03762", "attention alone, no recurrence"),
}


def settings_of(name: str, values: dict[str, Any]) -> Settings:
    """A model's settings, validated; what is not given has its default."""
    kind: type[Settings] = _module(name).Settings
    return validated(kind, values, "model")


def build(name: str, settings: Settings, sizes: Sizes) -> Seq2Seq:
    """A model with fresh weights, drawn from PyTorch's generator."""
    model: Seq2Seq = _module(name).build(settings, sizes)
    return model


def _module(name: str) -> ModuleType:
    if name not in MODELS:
        raise Mistake(f"Unknown model '{name}'.", nearest(name, MODELS))
    return importlib.import_module(f"unspool.models.{name}")
