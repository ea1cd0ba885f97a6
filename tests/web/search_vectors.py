"""What searches over made-up steppers find in Python, as JavaScript must find the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from unspool.answers.confidence import Confidence
from unspool.answers.traces import VectorStrip
from unspool.config import DecodingConfig
from unspool.decoding.attention_edits import edit_weights
from unspool.decoding.hypothesis import Hypothesis, coverage_penalty, length_penalty
from unspool.decoding.prefix import PrefixConstraint
from unspool.decoding.sampling import Streams
from unspool.decoding.search import search
from unspool.decoding.search_trace import trace_search
from unspool.runtime.handed_over import handed_over_of
from unspool.types import Sequences
from web.made_up import MadeUpStepper, made_up

SOURCE = 3
# Settings of decoding that the browser does not know.
PYTHON_ONLY = {"batch_symbols", "bias", "joint_weight"}
SETTINGS: list[dict[str, Any]] = [
    {}, {"max_length": 2}, {"beam": 2}, {"beam": 3, "n_best": 3}, {"beam": 5, "n_best": 4, "length_penalty": 0},
    {"beam": 4, "n_best": 2, "length_penalty": 2.0, "max_length": 4}, {"beam": 9, "n_best": 9, "max_length": 3},
    {"beam": 3, "n_best": 2, "coverage_penalty": 0.3}, {"beam": 3, "n_best": 3, "no_repeat": 1}, {"no_repeat": 2},
    {"sample": True, "n_best": 4, "seed": 7}, {"sample": True, "temperature": 0.5, "top_p": 0.8, "n_best": 3},
    {"sample": True, "top_k": 3, "n_best": 3, "temperature": 1.7}, {"sample": True, "no_repeat": 1, "n_best": 2},
]  # fmt: skip
STEPPERS: list[dict[str, Any]] = [
    {"seed": 1}, {"seed": 2, "ties": True}, {"seed": 3, "impossible": 0.5}, {"seed": 4, "ending": True},
    {"seed": 5, "ties": True, "impossible": 0.4, "ending": True}, {"seed": 6, "impossible": 0.95},
]  # fmt: skip
PREFIXES: list[tuple[list[int], list[int]]] = [([], []), ([4, 5], []), ([5], [4, 3]), ([4, 4, 4], [6])]


def vectors() -> dict[str, Any]:
    """All of them."""
    return {
        "length_penalties": [[n, alpha, length_penalty(n, alpha)] for n in (1, 2, 17, 200) for alpha in (0, 0.6, 1, 2)],
        "coverage_penalties": [
            [covered, 0.5, float(coverage_penalty(np.array(covered), np.ones(3, dtype=bool), 0.5))]
            for covered in ([0.0, 0.5, 1.5], [1.0, 1.0, 2.0], [0.1, 0.2, 0.3])
        ],
        "draws": [
            [[seed, number, copy], Streams(seed, [number], copy + 1).take(np.array([copy]), 5)[0].tolist()]
            for seed, number, copy in ((1, 0, 0), (1, 0, 3), (2**40 + 5, 12, 1), (2**53 - 1, 2**33, 0), (0, 0, 0))
        ],
        "confidences": [
            [one._asdict(), log_prob, symbols, float(one.of(np.array(log_prob), np.array(symbols)))]
            for one in (Confidence(1.0, 1.0, 0.0, 0.0, 30), Confidence(0.7, 0.2, -0.5, 0.1, 99))
            for log_prob, symbols in ((-0.001, 3), (-1.5, 9), (-60.0, 20))
        ],
        "steppers": [made_up(**given, source=SOURCE).to_json() for given in STEPPERS],
        "searches": [*_searches()],
        "traces": [*_traces()],
        "strips": [[vector, VectorStrip.of(np.array(vector))._asdict()] for vector in _vectors()],
        "handed_over": [
            [memory, state, handed_over_of(memory, state)._asdict()]  # type: ignore[arg-type]
            for memory, state in (
                ({"memory.states": 1, "memory.summary": 2}, {"state.0.0": 3}),
                ({"memory.summary": 2, "memory.drive": 4}, {"state.0.0": 3}),
                ({"memory.read.0": 2}, {"state.0": 3}),
                ({}, {"state.0.0": 3, "state.0.1": 4, "state.2.0": 5, "state.10.0": 6, "state.10.1": 7}),
                ({}, {"state": 3}),
            )
        ],
        "edits": [
            [row, weights, edit_weights(np.array([row]), dict(weights))[0].tolist()]
            for row in ([0.2, 0.3, 0.5], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0])
            for weights in ([[0, 0.5]], [[1, 0.0]], [[1, 1.0]], [[0, 0.25], [2, 0.25]], [[0, 0.1], [1, 0.2], [2, 0.3]])
        ],
    }


def _searches() -> Iterator[dict[str, Any]]:
    for number, given in enumerate(STEPPERS):
        stepper = made_up(**given, source=SOURCE)
        for asked in SETTINGS:
            for prefix, barred in PREFIXES if not asked.get("sample") else PREFIXES[:2]:
                settings = DecodingConfig(**{"max_length": 6, **asked})
                found = _search(stepper, settings, prefix, barred)
                yield {
                    "stepper": number, "settings": settings.model_dump(exclude=PYTHON_ONLY),
                    "prefix": prefix, "barred": barred, "hypotheses": found,
                }  # fmt: skip


def _traces() -> Iterator[dict[str, Any]]:
    for number, given in enumerate(STEPPERS):
        stepper = made_up(**given, source=SOURCE)
        for asked in ({}, {"beam": 3}, {"beam": 4, "max_length": 3}):
            for prefix, barred in PREFIXES:
                settings = DecodingConfig(**{"max_length": 5, **asked})
                source = Sequences(np.full((1, SOURCE), 4), np.array([SOURCE]))
                ids = [np.array(some, dtype=np.int64) for some in (prefix, barred)]
                found = trace_search(stepper, source, settings, *ids)
                steps = [
                    {
                        "kept": [[one.parent, one.item, one.score, one.finished] for one in step.kept],
                        "top": step.items.tolist(),
                        "entropies": step.entropies.astype(float).round(4).tolist(),
                    }
                    for step in found.steps
                ]
                yield {
                    "stepper": number,
                    "settings": settings.model_dump(exclude=PYTHON_ONLY),
                    "prefix": prefix, "barred": barred, "steps": steps, "paths": found.paths,
                }  # fmt: skip


def _vectors() -> Iterator[list[float]]:
    """Vectors of few and of many features, with numbers that float32 has."""
    draw = np.random.default_rng(4)
    for width in (1, 3, 32, 33, 50, 64, 300):
        yield draw.normal(size=width).astype(np.float32).astype(float).tolist()


def _search(stepper: MadeUpStepper, settings: DecodingConfig, prefix: list[int], barred: list[int]) -> list[Any]:
    source = Sequences(np.full((1, SOURCE), 4), np.array([SOURCE]))
    constrained = PrefixConstraint(stepper, [np.array(prefix, dtype=np.int64)], [np.array(barred, dtype=np.int64)])
    [found] = search(constrained if prefix else stepper, source, settings)
    return [_hypothesis(one) for one in found]


def _hypothesis(one: Hypothesis) -> dict[str, Any]:
    attention = None if one.attention is None else one.attention.astype(float).round(5).tolist()
    return {"items": list(one.items), "score": one.score, "finished": one.finished, "attention": attention}
