"""Everything that reads a person's text takes time in proportion to its length, also where nothing in it matches."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from unspool.metrics.scripts import bleu_tokenizer
from unspool.text import registry
from unspool.text.forms import FORMS
from unspool.text.sentences import sentences

LENGTH = 100_000
UNITS = [
    "Smith, J. A., Jones, B. C., ", ".", "...\"", "?!", ". ", "。", "\u201d", " ", "\n", "e.g. ", "a", "A", "가",
    "\u1100", "\uf8fe", "\u1100\u1161\u11a8", "\u0301", ";", ".a", "\u00a0.",
]  # fmt: skip
LEARNED = ["가나 갈 abc Smith, J. A., Jones; \u1100 é"]


def tokenizer(kind: str) -> Callable[[str], object]:
    fitted = registry.fit(kind, LEARNED, size=300, min_count=1)
    return lambda text: (fitted.decode(fitted.encode(text)), fitted.symbols(text), fitted.units(text))


READERS: dict[str, Callable[[str], object]] = {
    "sentences": sentences,
    "bleu_tokenizer": lambda text: bleu_tokenizer([text]),
    "forms": lambda text: [form.of(text) for form in FORMS.values()],
    **{kind: tokenizer(kind) for kind in registry.TOKENIZERS},
}
# Their time is spent on each byte of a text, whatever it is, and they have no patterns of ours.
BY_BYTES = ("bpe", "bytes", "unigram")
CASES = [(reader, unit) for reader in READERS for unit in (UNITS[:2] if reader in BY_BYTES else UNITS)]


@pytest.mark.parametrize(("reader", "unit"), CASES, ids=repr)
def test_a_text_of_100_000_characters_takes_no_time(reader: str, unit: str) -> None:
    text = (unit * LENGTH)[:LENGTH]
    begun = time.process_time()
    READERS[reader](text)
    assert time.process_time() - begun < 2
