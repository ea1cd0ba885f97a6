"""The symbols of a text as they stand there, those that the vocabulary lacks too, and a text made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from unspool.errors import Mistake
from unspool.text.chars import CharTokenizer
from unspool.text.jamo import JamoTokenizer, apart, together
from unspool.text.joined import JoinedTokenizer, parts_of
from unspool.text.labels import LabelTokenizer
from unspool.text.tags import TagTokenizer
from unspool.text.words import WordTokenizer
from unspool.types import UNK, Tokenizer


def symbols_of(tokenizer: Tokenizer, text: str) -> list[str]:
    """What each id of `tokenizer.encode(text)` stands for: a piece of the text, be it known or not."""
    match tokenizer:
        case JoinedTokenizer(parts=parts):
            columns = zip(parts, tokenizer.columns(text), strict=True)
            return [symbol for part, column in columns for symbol in symbols_of(part, column)]
        case WordTokenizer():
            return text.split()
        case TagTokenizer(separator=separator):
            return text.split(separator) if text else []
        case CharTokenizer():
            return list(text)
        case JamoTokenizer():
            return list(apart(text))
        case LabelTokenizer():
            return [label] if (label := text.strip()) else []
    return tokenizer.tokens(tokenizer.encode(text))  # nothing is unknown to the others


def spelled(tokenizer: Tokenizer, ids: Sequence[int], unknown: Mapping[int, str]) -> str:
    """The text of `ids`, in which each UNK is what `unknown` gives for its place.

    Bytes and subwords never learn to write UNK; there it stays what it is.
    """
    if isinstance(tokenizer, JoinedTokenizer):
        columns = []
        for part, some in tokenizer.parted(ids):
            own = {place: unknown[among] for place, (among, number) in enumerate(some) if number == UNK}
            columns.append(spelled(part, [number for _, number in some], own))
        return "\t".join(columns)
    if not isinstance(tokenizer, WordTokenizer | TagTokenizer | CharTokenizer | JamoTokenizer):
        return tokenizer.decode(ids)
    symbols = [unknown.get(place, symbol) for place, symbol in enumerate(tokenizer.vocabulary.shown(ids))]
    match tokenizer:
        case WordTokenizer():
            return " ".join(" ".join(symbols).split())
        case TagTokenizer(separator=separator):
            return separator.join(symbols)
        case JamoTokenizer():
            return together("".join(symbols))
    return "".join(symbols)


def encode_beginning(tokenizer: Tokenizer, text: str) -> list[int]:
    """The ids of what an answer begins with, of joined columns the first ones; an unknown symbol is a `Mistake`."""
    text += "\t" * max(0, len(parts_of(tokenizer)) - 1 - text.count("\t"))
    ids = tokenizer.encode(text)
    if UNK in ids:
        unknown = symbols_of(tokenizer, text)[ids.index(UNK)]
        what = f"No answer can begin with '{text[:60].rstrip()}': the model never learned to write '{unknown}'."
        raise Mistake(what, "Give a beginning of symbols that stand in the answers it was trained on.")
    return ids
