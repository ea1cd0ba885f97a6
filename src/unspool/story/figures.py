"""Everything that the page says in numbers, found in the trained models: the content of `story.json`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from unspool.model import Model
from unspool.story.alignments import find_alignments
from unspool.story.chapters_of_a_context import FED
from unspool.story.chapters_of_attention import COMPARED, LOOKED_AT
from unspool.story.chapters_of_one_network import ASKED_TO_RECALL
from unspool.story.feeding import find_feeding
from unspool.story.forgetting import WITH_GRADIENTS, find_forgetting
from unspool.story.lengths import find_lengths
from unspool.story.next_letter import find_next_letters, find_states
from unspool.story.opinions import find_opinions

MEASURED = dict.fromkeys((*COMPARED, "sutskever-forward", *FED))
# How often `find_figures` counts, at most.
STEPS = len(ASKED_TO_RECALL) * (WITH_GRADIENTS + 1) + len(MEASURED) + 5


def find_figures(load: Callable[[str], Model], count: Callable[[int], object]) -> dict[str, Any]:
    """By chapter. load: a lesson's name to its model"""
    models = {name: load(name) for name in MEASURED}
    hello, han = load("hello"), load("reviews")
    found: dict[str, Any] = {"letters": find_next_letters(hello), "states": find_states(hello)}
    count(1)
    found["forgetting"] = find_forgetting({name: load(f"recall-{name}") for name in ASKED_TO_RECALL}, count)
    found["lengths"] = find_lengths(models, count)
    found["feeding"] = find_feeding({name: models[name] for name in FED})
    count(1)
    found["alignments"] = find_alignments({name: models[name] for name in LOOKED_AT})
    count(1)
    found["opinions"] = {language: find_opinions(han, language) for language in ("en", "ko")}
    count(2)
    return found
