"""A source of several sentences, longer than nearly all of training, is answered sentence by sentence."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from itertools import accumulate

import numpy as np

from unspool.answers.answer import Answer, Notes, Prediction
from unspool.fields.field import Field, Raw
from unspool.folder import RunMetadata
from unspool.text.sentences import put_together, split_apart
from unspool.types import Array

Length = Callable[[str], int]
# The metric of models whose answers are sentences, see `TextField.metrics`.
OF_SENTENCES = "bleu"


def parts_of(
    raws: Sequence[Raw], field: Field, metadata: RunMetadata, whole: Container[int] = ()
) -> list[list[str]] | None:
    """The parts of each source, see `split`, for a model of sentences; None if all sources stay whole.

    field: that of the sources; metadata: what the model recorded of its training; whole: numbers of sources that
    stay whole in any case
    """
    longest = metadata.longest_source
    if not longest or OF_SENTENCES not in metadata.metrics or field.kind != "text":
        return None
    parts = [
        [str(raw)] if number in whole else split(str(raw), longest, lambda text: len(field.encode(text)))
        for number, raw in enumerate(raws)
    ]
    return parts if any(len(one) > 1 for one in parts) else None


def split(source: str, longest: int, length: Length) -> list[str]:
    """The sentences and what stands between them, if there are several and together they are longer than `longest`.

    Neighbours are one source as long as they fit. length: the symbols of a text; returns `[source]` if it stays whole
    """
    # No symbol is less than a byte, and most sources are short.
    if len(source.encode("utf-8", "surrogatepass")) <= longest or length(source) <= longest:
        return [source]
    parts: list[str] = []
    for part in split_apart(source):
        merged = "".join([*parts[-2:], part])
        if len(parts) > 1 and part.strip() and parts[-2].strip() and length(merged) <= longest:
            parts[-2:] = [merged]
        else:
            parts.append(part)
    return parts if sum(bool(part.strip()) for part in parts) > 1 else [source]


def answer_parts(
    sources: Sequence[str], parts: Sequence[Sequence[str]], answer: Callable[[list[str]], list[Prediction]]
) -> list[Prediction]:
    """A prediction for each source, whose parts are those of `split`; all parts are answered in one call."""
    asked = _asked(parts)
    found = iter(answer([part for one in asked for part in one]))
    predictions = [[next(found) for _ in one] for one in asked]
    return [
        joined(source, one, of_parts) if len(one) > 1 else of_parts[0]
        for source, one, of_parts in zip(sources, parts, predictions, strict=True)
    ]


def owners(parts: Sequence[Sequence[str]]) -> list[int]:
    """The place of the source of each part that `answer_parts` wants an answer to."""
    return [place for place, one in enumerate(_asked(parts)) for _ in one]


def _asked(parts: Sequence[Sequence[str]]) -> list[list[str]]:
    """The parts of each source that are not blank; a source of one part is that part."""
    return [[part for part in one if part.strip()] if len(one) > 1 else list(one) for one in parts]


def joined(source: str, parts: Sequence[str], predictions: Sequence[Prediction]) -> Prediction:
    """One prediction for a source from those of its parts; `predictions` are those of the parts that are not blank.

    Scores add up. Attention is that of each part to its own symbols. With n best answers, the n-th is made of the n-th
    ones.
    """
    count = min(len(one.hypotheses) for one in predictions)
    answers = [_joined([one.hypotheses[place] for one in predictions], parts, predictions) for place in range(count)]
    tokens = [token for one in predictions for token in one.source_tokens]
    return Prediction(source, tokens, answers, None, _notes([one.notes for one in predictions]))


def _joined(answers: Sequence[Answer], parts: Sequence[str], predictions: Sequence[Prediction]) -> Answer:
    texts = iter(answers)
    text = put_together(next(texts).text if part.strip() else part for part in parts)
    return replace(
        answers[-1],
        text=text,
        score=round(sum(answer.score for answer in answers), 6),
        tokens=[token for answer in answers for token in answer.tokens],
        attention=_blocks(answers, [len(one.source_tokens) for one in predictions]),
        finished=all(answer.finished for answer in answers),
    )


def _blocks(answers: Sequence[Answer], widths: Sequence[int]) -> Array | None:
    """Weights `[T, S]` along the diagonal; the row of EOS stays for the last part alone. None without such weights."""
    if not all(isinstance(answer.attention, np.ndarray) for answer in answers):
        return None
    kept = [*(answer.attention[: len(answer.tokens)] for answer in answers[:-1]), answers[-1].attention]
    whole = np.zeros((sum(map(len, kept)), sum(widths)))
    rows = accumulate((len(weights) for weights in kept), initial=0)
    for row, column, weights in zip(rows, accumulate(widths, initial=0), kept, strict=False):
        whole[row : row + len(weights), column : column + weights.shape[1]] = weights
    return whole


def _notes(each: Sequence[Notes]) -> Notes:
    return Notes(
        sum(note.unseen for note in each),
        0,
        any(note.cut for note in each),
        tuple(dict.fromkeys(symbol for note in each for symbol in note.symbols)),
        next((note.known_as for note in each if note.known_as), ""),
        any(note.answer_cut for note in each),
    )
