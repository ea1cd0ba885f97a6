"""Subwords of a sentencepiece `.model` that somebody else has learned.

Kudo and Richardson 2018, arXiv:1808.06226. The library `sentencepiece` itself cuts and joins the pieces, so they are
exactly those of the model, its normalisation included (NFKC as a rule: decode(encode(x)) == x for normalised texts
alone). The whole model is stored in the trained folder, and its file is not needed again.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from unspool.errors import MissingExtra, Mistake
from unspool.text.tokenizer import NOTHING, Tokenizer
from unspool.types import SPECIALS, UNK

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

ENDING = ".model"
FIRST = len(SPECIALS)
# How sentencepiece writes a space inside a piece.
SPACE = "▁"


class SentencePieceTokenizer(Tokenizer):
    """The pieces of a model in its own order, without its control symbols; what it does not know becomes UNK."""

    kind = "sentencepiece"

    def __init__(self, model: bytes) -> None:
        """Read a serialized model; a damaged one is a `Mistake`."""
        self._model, self._library = model, _load(model)
        library = self._library
        self._theirs = [
            number
            for number in range(library.vocab_size())
            if not (library.is_control(number) or library.is_unknown(number) or library.is_unused(number))
        ]
        self._ours = dict(zip(self._theirs, range(FIRST, FIRST + len(self._theirs)), strict=True))
        self._pieces = [*SPECIALS, *map(library.id_to_piece, self._theirs)]

    @classmethod
    def read(cls, path: Path) -> Self:
        """The tokenizer of a `.model` file; a missing or damaged one is a `Mistake`."""
        try:
            model = path.read_bytes()
        except OSError as error:
            raise Mistake(f"The subwords {path} cannot be read: {error.strerror}.", "Check the path.") from None
        try:
            return cls(model)
        except Mistake as mistake:
            raise Mistake(f"{path}: {mistake.what}", mistake.remedy) from None

    def __len__(self) -> int:
        return len(self._pieces)

    def encode(self, text: str) -> list[int]:
        """One id for each piece."""
        return [self._ours.get(number, UNK) for number in self._library.encode(text)]

    def encode_many(self, lines: Sequence[str]) -> Iterator[list[int]]:
        """`encode` of each line, in order."""
        return map(self.encode, lines)

    def decode(self, ids: Sequence[int], unknown: Mapping[int, str] = NOTHING) -> str:
        """The text, as the library joins it; an unknown symbol is its replacement, or U+2047 between spaces."""
        return str(self._library.decode([self._piece(place, number, unknown) for place, number in self._kept(ids)]))

    def written(self) -> Sequence[str]:
        """Refused: the first piece of a text loses its space, so that no symbol always writes the same."""
        what = "A pattern cannot be matched over the pieces of a sentencepiece model."
        raise Mistake(what, "Give a list of permitted answers: --allow FILE.")

    def tokens(self, ids: Sequence[int]) -> list[str]:
        """The text of each piece."""
        return [self._pieces[number].replace(SPACE, " ") for number in ids]

    def to_json(self) -> dict[str, Any]:
        """`kind`, and `model`: the file's bytes in base64."""
        return {"kind": self.kind, "model": base64.b64encode(self._model).decode()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`. Raises `Mistake` if it is not what `to_json` writes."""
        try:
            return cls(base64.b64decode(data["model"], validate=True))
        except (KeyError, TypeError, binascii.Error):
            raise Mistake("The subwords cannot be read.", "Copy the tokenizer's file again.") from None

    def _kept(self, ids: Sequence[int]) -> Iterator[tuple[int, int]]:
        return ((place, number) for place, number in enumerate(ids) if number == UNK or number >= FIRST)

    def _piece(self, place: int, number: int, unknown: Mapping[int, str]) -> str:
        if number != UNK:
            return self._pieces[number]
        return unknown[place] if place in unknown else self._library.id_to_piece(self._library.unk_id())


def _load(model: bytes) -> SentencePieceProcessor:
    try:
        from sentencepiece import SentencePieceProcessor
    except ImportError:
        raise MissingExtra("Reading the subwords of a .model file", "sentencepiece") from None
    library = SentencePieceProcessor()
    try:
        library.load_from_serialized_proto(model)
        _ = library.vocab_size(), library.encode("a")
    except (RuntimeError, OSError, ValueError, IndexError) as error:
        reason = " ".join(str(error).split())[:120].rstrip(".")
        raise Mistake(f"It is not a sentencepiece model: {reason}.", "Copy it again.") from None
    return library
