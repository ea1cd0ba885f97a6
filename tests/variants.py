"""The settings that laws are checked with: each model's own switches.

What depends on the cell alone is tested on cells (`tests/nn`, `tests/kernels`). Here every kind of cell takes part in
one model without attention (`sutskever`) and in one with attention inside the recurrence (`bahdanau`); the others have
one or two cells.
"""

from __future__ import annotations

from typing import Any, get_args

from unspool.config.model_families import CellName

CELL_NAMES: tuple[CellName, ...] = get_args(CellName)

TWO_LAYERS: dict[str, Any] = {"encoder_layers": 2, "decoder_layers": 2}
UNLIKE: dict[str, Any] = {"encoder_size": 4, "decoder_size": 6, "embedding_size": 5}
# Each cell reads for the next one of the list, so that every kind of state crosses to another kind.
NEIGHBOURS = tuple(zip(CELL_NAMES, (*CELL_NAMES[1:], CELL_NAMES[0]), strict=True))
CROSSED = {f"{e}-to-{d}": {"encoder_cell": e, "decoder_cell": d, **UNLIKE} for e, d in NEIGHBOURS}
ALIKE = {cell: {"encoder_cell": cell, "decoder_cell": cell} for cell in CELL_NAMES}

VARIANTS: dict[str, dict[str, dict[str, Any]]] = {
    "luong": {
        "default": {},
        "tied-output": {"tie_output": True},
        "tied-narrow": UNLIKE | {"tie_output": True, "input_feeding": True},
        **{score: {"score": score} for score in ("dot", "concat", "scaled_dot")},
        **{f"{s}-fed": {"score": s, "input_feeding": True} for s in ("dot", "general", "concat", "scaled_dot")},
        "location": {"score": "location", "positions": 4},
        "location-fed": {"score": "location", "positions": 4, "input_feeding": True},
        **{window: {"window": window, "window_size": 1} for window in ("local-m", "local-p")},
        "local-m-fed": {"window": "local-m", "window_size": 1, "input_feeding": True, "score": "concat"},
        "local-p-fed": {"window": "local-p", "window_size": 2, "input_feeding": True, "score": "dot"},
        "coverage": {"coverage": True},
        "coverage-concat-fed": {"coverage": True, "score": "concat", "input_feeding": True},
        "coverage-local": {"coverage": True, "window": "local-m", "window_size": 1, "score": "location"},
        "copying": {"copying": True},
        "copying-fed": {"copying": True, "input_feeding": True, "window": "local-p", "window_size": 2},
        "copying-tied": {"copying": True, "tie_output": True, "coverage": True, "score": "concat", **UNLIKE},
        "one-way": {"bidirectional": False},
        "gru-to-lstm-fed": CROSSED["gru-to-gru_reset_before"] | {"decoder_cell": "lstm", "input_feeding": True},
        "layers": TWO_LAYERS | {"residual": True, "layer_norm": True},
        "layers-fed": TWO_LAYERS | {"residual": True, "layer_norm": True, "input_feeding": True},
        "deep-to-shallow": UNLIKE | {"encoder_layers": 3, "decoder_layers": 1},
        "shallow-to-deep": UNLIKE | {"encoder_layers": 1, "decoder_layers": 3, "input_feeding": True},
    },
    "bahdanau": {
        "default": {},
        "tied-output": {"tie_output": True},
        "paper": {"encoder_cell": "gru_reset_before", "decoder_cell": "gru_reset_before", "first_state": "backward"},
        "backward-lstm": {"encoder_cell": "gru", "decoder_cell": "lstm", "first_state": "backward", **UNLIKE},
        **CROSSED,
        "layers": TWO_LAYERS | {"residual": True, "layer_norm": True},
        "layers-backward": TWO_LAYERS | {"first_state": "backward", "decoder_cell": "lstm", "attention_size": 3},
        "coverage": {"coverage": True},
        "coverage-lstm": {"coverage": True, "decoder_cell": "lstm", **UNLIKE},
        "copying": {"copying": True},
        "pointer-generator": {"copying": True, "coverage": True, "decoder_cell": "lstm", **UNLIKE},
    },
    "sutskever": {
        "default": {},
        "tied-output": {"tie_output": True},
        "forward": {"reverse_source": False},
        "shared": {"shared": True},
        "shared-forward": {"shared": True, "reverse_source": False},
        "shared-layers": {"shared": True, "residual": True, "layer_norm": True},
        "shared-gru": ALIKE["gru"] | {"shared": True},
        **CROSSED,
        "deep-to-shallow": UNLIKE | {"encoder_layers": 3, "decoder_layers": 1},
        "shallow-to-deep": UNLIKE | {"encoder_layers": 1, "decoder_layers": 3},
    },
    "cho": {
        "default": {},
        "tied-output": {"tie_output": True},
        "paper": {"encoder_cell": "gru_reset_before", "decoder_cell": "gru_reset_before"},
        "lstm-to-gru": {"encoder_cell": "lstm", "decoder_cell": "gru", **UNLIKE},
        "layers": TWO_LAYERS | {"residual": True, "layer_norm": True},
        "deep-to-shallow": UNLIKE | {"encoder_layers": 3, "decoder_layers": 1},
        "shallow-to-deep": UNLIKE | {"encoder_layers": 1, "decoder_layers": 3},
    },
    "gnmt": {
        "default": {},
        "tied-output": {"tie_output": True},
        "paper": {"encoder_layers": 4, "decoder_layers": 4},
        "gru-to-lstm": {
            "encoder_cell": "gru",
            "decoder_cell": "lstm",
            "encoder_layers": 3,
            "decoder_layers": 3,
            **UNLIKE,
        },
        "one-layer": {"encoder_layers": 1, "decoder_layers": 1, "attention_size": 3},
        "no-residual": {"encoder_layers": 3, "decoder_layers": 3, "residual": False, "layer_norm": True},
        "deep-to-shallow": UNLIKE | {"encoder_layers": 4, "decoder_layers": 2},
        "shallow-to-deep": UNLIKE | {"encoder_layers": 2, "decoder_layers": 4},
    },
    "graves": {
        "default": {},
        "tied-output": {"tie_output": True},
        "paper": {"cell": "lstm_peepholes", "layers": 3},
        "one-layer": {"layers": 1, "embedding_size": 5},
        "gru": {"cell": "gru", "size": 4},
    },
    "synthesis": {
        "default": {"window_components": 3, "components": 3},
        "paper": {"cell": "lstm_peepholes", "layers": 3},
        "two-layers": {"layers": 2, "embedding_size": 5},
        "gru": {"cell": "gru", "size": 4},
    },
    "classifier": {
        "default": {},
        "one-way": {"bidirectional": False},
        "gru": {"encoder_cell": "gru"},
        **{summary: {"summary": summary} for summary in ("mean", "max")},
        "layers": {"encoder_layers": 2, "residual": True, "layer_norm": True, "summary": "max"},
    },
    "tagger": {
        "default": {},
        "gru": {"encoder_cell": "gru", "encoder_size": 4},
        "layers": {"encoder_layers": 2, "residual": True, "layer_norm": True},
        "one-way": {"bidirectional": False},
        "one-way-layers": {"bidirectional": False, "encoder_cell": "gru", "encoder_layers": 2, "residual": True},
    },
    "han": {
        "default": {},
        "lstm": {"cell": "lstm"},
        "other-sizes": {"embedding_size": 5, "word_size": 4, "sentence_size": 8, "attention_size": 3},
    },
    "transformer": {
        "default": {},
        "tied-output": {"tie_output": True},
        "paper": {"norm_first": False},
        "one-head": {"heads": 1},
        "many-heads": {"size": 8, "heads": 4, "feed_forward_size": 5},
        "deep-to-shallow": {"encoder_layers": 3, "decoder_layers": 1},
        "shallow-to-deep": {"encoder_layers": 1, "decoder_layers": 3, "norm_first": False},
    },
}

# The same for models that read ink.
INK_VARIANTS: dict[str, dict[str, dict[str, Any]]] = {
    "graves": {"default": {"components": 3}, "paper": {"cell": "lstm_peepholes", "layers": 3}},
    "luong": {"default": {}},
}

# The same for models that read or write real values instead of symbols.
VALUES_VARIANTS: dict[str, dict[str, dict[str, Any]]] = {
    "luong": {
        "default": {},
        "fed": {"input_feeding": True},
        "student-t": {"density": "student_t"},
        "mixture": {"density": "mixture", "components": 3},
        "quantiles": {"density": "quantiles"},
    },
}
