"""The models by name. Listing them imports none of them; building one imports PyTorch."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from unspool.config import Settings, validated
from unspool.errors import Mistake, nearest
from unspool.types import FIRST_LABEL, Form, Seq2Seq, Sizes

if TYPE_CHECKING:
    from types import ModuleType


ANY = Form()

# What a model's size is told with: as many symbols as a subword vocabulary has by default, the reserved ones included.
SYMBOLS, LABELS = 8000, 10


@dataclass(frozen=True, slots=True)
class Entry:
    """A model as people look for it.

    Its file has `ENGLISH` and `KOREAN`, three sentences each that say what it is, a `Settings` class and
    `build(settings, sizes)`.

    arxiv:   the paper's number there, empty where it has none
    weights: how many it has with default settings and `example_sizes`
    form:    what it reads and writes
    """

    paper: str
    year: int
    arxiv: str
    kind: str
    weights: int
    form: Form = ANY


MODELS = {
    "bahdanau": Entry("Bahdanau, Cho, Bengio", 2014, "1409.0473", "attention inside the recurrence", 12_794_430),
    "cho": Entry("Cho et al.", 2014, "1406.1078", "no attention, one context", 13_187_902),
    "classifier": Entry("Dai, Le", 2015, "1511.01432", "one label for a sequence", 3_105_802, Form(writes="label")),
    "gnmt": Entry("Wu et al.", 2016, "1609.08144", "deep, attention at the bottom", 11_673_662),
    "graves": Entry("Graves", 2013, "1308.0850", "the next symbol of a text", 12_900_158, Form(writes="continuation")),
    "han": Entry("Yang et al.", 2016, "", "a label for a document, shown why", 1_742_610, Form(True, "label")),
    "luong": Entry("Luong, Pham, Manning", 2015, "1508.04025", "attention beside the recurrence", 12_664_638),
    "sutskever": Entry("Sutskever, Vinyals, Le", 2014, "1409.3215", "no attention", 15_555_390),
    "tagger": Entry("Huang, Xu, Yu", 2015, "1508.01991", "a label for each item", 3_105_802, Form(writes="labels")),
    "transformer": Entry("Vaswani et al.", 2017, "1706.03762", "attention alone, no recurrence", 11_672_894),
}


def example_sizes(name: str) -> Sizes:
    """The sizes that a model's size is told with."""
    return Sizes(SYMBOLS, FIRST_LABEL + LABELS if form_of(name).writes in ("label", "labels") else SYMBOLS)


def form_of(name: str, settings: Mapping[str, Any] | None = None) -> Form:
    """What a model reads and writes, with these settings or the default ones."""
    form = _entry(name).form
    return form._replace(copies=True) if settings and settings.get("copying") else form


def continues(name: str) -> bool:
    """Whether a model learns from running text and goes on with what it is given."""
    return form_of(name).writes == "continuation"


def settings_of(name: str, values: dict[str, Any]) -> Settings:
    """A model's settings, validated; what is not given has its default."""
    kind: type[Settings] = _module(name).Settings
    return validated(kind, values, "model")


def build(name: str, settings: Settings, sizes: Sizes) -> Seq2Seq:
    """A model with fresh weights, drawn from PyTorch's generator."""
    model: Seq2Seq = _module(name).build(settings, sizes)
    return model


def _entry(name: str) -> Entry:
    if name not in MODELS:
        raise Mistake(f"Unknown model '{name}'.", nearest(name, MODELS))
    return MODELS[name]


def _module(name: str) -> ModuleType:
    _entry(name)
    return importlib.import_module(f"unspool.models.{name}")
