"""A document with its attention weights as colours: which sentences, and which words in each, mattered."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from unspool.answers.answer import Prediction
from unspool.errors import Mistake
from unspool.explain.captions import Captions, captions_for
from unspool.report.page import shaded, write_page
from unspool.types import Array
from unspool.visible import as_html

# A piece that is no whole letters, as `text.bytes` writes it.
PARTS = re.compile(r"(?:\\x[0-9A-F]{2})+")


def write_documents(
    predictions: Sequence[Prediction],
    path: Path,
    separator: str,
    lead: Mapping[str, str] | None = None,
    right: Sequence[str] = (),
) -> None:
    """Write one page of documents, each with its label and attention weights.

    separator: the text between two symbols of a source, a space for words
    lead:      a sentence at the top, in each language
    right:     the right label of each document, if they are known
    Raises `Mistake` if the model does not read sentences.
    """
    if any(prediction.sentences is None for prediction in predictions):
        raise Mistake(
            "This model does not read sentences, so there is nothing to colour.",
            "Give --out a .png or .json; see 'unspool models'.",
        )
    words = captions_for(predictions)
    known = [f"{words.right}: {label}" for label in right] or [""] * len(predictions)
    documents = [_document(one, separator, words, label) for one, label in zip(predictions, known, strict=True)]
    first = [f"<p><strong>{as_html(lead[words.language])}</strong></p>"] if lead else []
    write_page(path, words.labels, [*first, f'<p class="key">{words.key}</p>', *documents], words.language)


def _document(prediction: Prediction, separator: str, captions: Captions, right: str) -> str:
    if not prediction.hypotheses:
        return f"<h2>{captions.nothing}</h2>"
    answer = prediction.hypotheses[0]
    beside = f"{math.exp(answer.score):.1%}{', ' * bool(right)}{as_html(right)}"
    heading = f"<h2>{as_html(answer.text)} <small>{beside}</small></h2>"
    return f"{heading}\n{document_html(prediction, separator)}"


def document_html(prediction: Prediction, separator: str) -> str:
    """The sentences of a document as the rows of a table, coloured by the attention of the best answer."""
    sentences, words = (weights[0] for weights in prediction.hypotheses[0].attention)
    rows, begin = [], 0
    for weight, row, length in zip(sentences, words, prediction.sentences or [], strict=True):
        tokens = prediction.source_tokens[begin : begin + length]
        rows.append(_sentence(tokens, float(weight), float(weight / sentences.max()), row[:length], separator))
        begin += length
    return "\n".join(["<table>", *rows, "</table>"])


def _readable(tokens: Sequence[str], weights: Array) -> Iterator[tuple[str, float]]:
    """Tokens with their weights; neighbours that are parts of letters, as of rare Hangul, are one text."""
    pairs = zip(tokens, weights.tolist(), strict=True)
    for is_part, group in groupby(pairs, key=lambda pair: PARTS.fullmatch(pair[0]) is not None):
        if not is_part:
            yield from group
            continue
        pieces, found = zip(*group, strict=True)
        content = bytes.fromhex("".join(pieces).replace("\\x", ""))
        try:
            yield content.decode("utf-8"), sum(found)
        except UnicodeDecodeError:
            yield from zip(pieces, found, strict=True)


def _sentence(tokens: Sequence[str], weight: float, share: float, words: Array, separator: str) -> str:
    """A row: the sentence's weight, then its words. share: its weight divided by the document's largest weight."""
    items = list(_readable(tokens, words))
    most = max(found for _, found in items)
    spans = [shaded("span", "item", token, found, found / most * math.sqrt(share), "item") for token, found in items]
    front = shaded("td", "whole", f"{weight:.0%}", weight, share, "whole")
    return f"<tr>{front}<td>{separator.join(spans)}</td></tr>"
