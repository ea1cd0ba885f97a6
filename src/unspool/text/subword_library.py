"""Access to the library `tokenizers`: a tokenizer is trained, or read from its JSON.

The library panics on some damaged vocabularies, and a panic is no `Exception`. So its own reader of JSON is not used:
what defines the pieces is checked here, and a tokenizer is built from it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from unspool.errors import Mistake

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# Pairs of symbols that occur once are not merged, because they do not generalise.
MIN_PAIRS = 2
# Decimals of the scores of pieces; more decimals differ between runs with the order of a hash table.
DECIMALS = 4
# The trainer gives unseen bytes scores within this range above the lowest score, in the order of a hash table.
UNSEEN_RANGE = 256 * 0.0001


def train_bpe(lines: Iterable[str], size: int) -> Tokenizer:
    """A tokenizer of at most `size` pieces, made by merging the most frequent pairs."""
    from tokenizers import models, trainers

    trained = _untrained(models.BPE())
    trainer = trainers.BpeTrainer(
        vocab_size=size, min_frequency=MIN_PAIRS, show_progress=False, initial_alphabet=sorted(byte_values())
    )
    trained.train_from_iterator(lines, trainer)
    return trained


def train_unigram(lines: Iterable[str], size: int) -> Tokenizer:
    """A tokenizer of at most `size` pieces that make the lines likely."""
    from tokenizers import models, trainers

    trained = _untrained(models.Unigram())
    trainer = trainers.UnigramTrainer(vocab_size=size, show_progress=False, initial_alphabet=sorted(byte_values()))
    trained.train_from_iterator(lines, trainer)
    data = json.loads(trained.to_str())
    data["model"]["vocab"] = _reproducible(data["model"]["vocab"], size)
    return load("unigram", data)


def load(kind: str, data: Any) -> Tokenizer:
    """A tokenizer of kind bpe or unigram from the library's JSON; a `Mistake` if training would not make it."""
    try:
        made = _built(kind, data["model"])
        same = _agree(data, json.loads(made.to_str()))
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        reason = error.what if isinstance(error, Mistake) else f"{error}."
        raise Mistake(f"The subwords cannot be read: {reason}", "Copy the tokenizer's file again.") from None
    _require(same, "The subwords have rules that unspool does not write")
    return made


def byte_values() -> dict[str, int]:
    """The byte of each character by which the library represents bytes: itself if printable, else from U+0100 on."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = sorted(set(range(256)) - set(printable))
    return {chr(byte): byte for byte in printable} | {chr(0x100 + place): byte for place, byte in enumerate(others)}


def _reproducible(pieces: list[tuple[str, float | None]], size: int) -> list[tuple[str, float]]:
    """At most `size` pieces with scores (log-probabilities), in an order and a precision that every run reproduces.

    If there is no text, the library returns no scores; then every byte is equally likely.
    """
    scores = {piece: score or 0.0 for piece, score in pieces}
    unseen = min(scores.values()) + UNSEEN_RANGE
    for piece, score in scores.items():
        scores[piece] = round(min(scores.values()) if len(piece) == 1 and score <= unseen else score, DECIMALS)
    ranked = sorted(scores, key=lambda piece: (-scores[piece], piece))
    longer = [piece for piece in ranked if len(piece) > 1]
    cut = set(longer[max(0, size - len(ranked) + len(longer)) :])
    return [(piece, scores[piece]) for piece in ranked if piece not in cut]


def _untrained(model: Any) -> Tokenizer:
    """A tokenizer with this model that splits the bytes of GPT-2's words."""
    from tokenizers import Tokenizer, pre_tokenizers

    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return tokenizer


def _built(kind: str, model: Any) -> Tokenizer:
    """A tokenizer with the pieces of this model; an error of any kind if they are not in order."""
    from tokenizers import models

    if kind == "bpe":
        _check_pieces(model["vocab"], list(model["vocab"].values()))
        merges = [(one, other) for one, other in model["merges"]]
        known = all(part in model["vocab"] for one, other in merges for part in (one, other, one + other))
        _require(known, "A merge has a piece that is not listed")
        return _untrained(models.BPE(vocab=model["vocab"], merges=merges))
    scores = {piece: float(score) for piece, score in model["vocab"]}
    _check_pieces(scores, list(range(len(model["vocab"]))))
    _require(all(map(math.isfinite, scores.values())), "A score is not a number")
    return _untrained(models.Unigram([*scores.items()], None, byte_fallback=False))


def _check_pieces(pieces: dict[str, Any], ids: list[Any]) -> None:
    """All 256 bytes, and other pieces made of them, with the ids 0, 1, …"""
    alphabet = set(byte_values())
    known = all(isinstance(number, int) for number in ids) and sorted(ids) == [*range(len(pieces))]
    _require(known, "The pieces are not numbered from 0 on")
    _require("" not in pieces and alphabet <= set(pieces), "A byte is not listed, or a piece is empty")
    _require(alphabet >= set().union(*pieces), "A piece has characters that stand for no byte")


def _agree(read: dict[str, Any], made: dict[str, Any]) -> bool:
    """Whether two tokenizers have the same rules; only those that both mention, since the library's releases differ."""
    (outer, inner), (made_outer, made_inner) = (
        ({**whole, "model": None}, {**whole["model"], "vocab": None, "merges": None}) for whole in (read, made)
    )
    return all(
        one[key] == other[key]
        for one, other in ((outer, made_outer), (inner, made_inner))
        for key in one.keys() & other.keys()
    )


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise Mistake(f"{what}.", "Copy the tokenizer's file again.")
