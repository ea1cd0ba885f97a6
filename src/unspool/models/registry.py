"""The models by name. Listing them imports none of them; building one imports PyTorch."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from unspool.config import Settings, validated
from unspool.errors import Mistake, nearest
from unspool.types import Form, Seq2Seq, Sizes

if TYPE_CHECKING:
    from types import ModuleType


@dataclass(frozen=True, slots=True)
class Entry:
    """A model as people look for it. Its file has a `Settings` class and `build(settings, sizes)`.

    learns: from pairs of source and target, or from running text: then the source is the text so far, of the target's
            own vocabulary, and the target is how it goes on
    arxiv:  the paper's number there, empty where it has none
    form:   what it reads and writes
    """

    paper: str
    year: int
    arxiv: str
    kind: str
    learns: Literal["pairs", "text"] = "pairs"
    form: Form = Form()


MODELS = {
    "bahdanau": Entry("Bahdanau, Cho, Bengio", 2014, "1409.0473", "attention inside the recurrence"),
    "cho": Entry("Cho et al.", 2014, "1406.1078", "no attention, one context"),
    "classifier": Entry("Dai, Le", 2015, "1511.01432", "one label for a sequence", form=Form(writes="label")),
    "gnmt": Entry("Wu et al.", 2016, "1609.08144", "deep, attention at the bottom"),
    "graves": Entry("Graves", 2013, "1308.0850", "the next symbol of a text", learns="text"),
    "luong": Entry("Luong, Pham, Manning", 2015, "1508.04025", "attention beside the recurrence"),
    "sutskever": Entry("Sutskever, Vinyals, Le", 2014, "1409.3215", "no attention"),
    "transformer": Entry("Vaswani et al.", 2017, "1706.03762", "attention alone, no recurrence"),
}


def form_of(name: str) -> Form:
    """What a model reads and writes."""
    return _entry(name).form


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
