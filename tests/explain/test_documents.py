"""Both attentions on one page, in any script, with nothing of the text taken for HTML."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from unspool.answers.answer import Answer, Prediction
from unspool.errors import Mistake
from unspool.explain.attention_page import write_attention_page
from unspool.explain.documents import write_documents

WEIGHTS = (np.array([[0.75, 0.25]]), np.array([[[0.5, 0.5, 0.0], [0.2, 0.3, 0.5]]]))
TOKENS = ["<b>", "좋다", "not", "a", "word"]


def document() -> Prediction:
    return Prediction("…", TOKENS, [Answer("긍정 & co", -0.105, ["긍정 & co"], WEIGHTS)], [2, 3])


def test_a_page_shows_every_word_with_its_weight(tmp_path: Path) -> None:
    write_documents([document()], tmp_path / "deep" / "page.html", " ")
    page = (tmp_path / "deep" / "page.html").read_text(encoding="utf-8")
    words = re.findall(r'<span class="item"[^>]*title="([^"]*)">([^<]*)</span>', page)
    assert words == [("0.500", "&lt;b&gt;"), ("0.500", "좋다"), ("0.200", "not"), ("0.300", "a"), ("0.500", "word")]
    assert re.findall(r'<td class="whole"[^>]*>([^<]*)</td>', page) == ["75%", "25%"]
    assert "긍정 &amp; co <small>90.0%</small>" in page


def test_pieces_of_letters_are_shown_as_the_letters(tmp_path: Path) -> None:
    """A rare syllable is written in bytes, and a piece of subwords may end in the middle of it."""
    content = "니메이션".encode()
    pieces = ["".join(f"\\x{byte:02X}" for byte in part) for part in (content[:4], content[4:])]
    weights = (np.array([[1.0]]), np.array([[[0.5, 0.2, 0.3]]]))
    written = Prediction("…", ["애", *pieces], [Answer("a", -0.1, ["a"], weights)], [3])
    write_documents([written], tmp_path / "page.html", "")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert re.findall(r'title="([^"]*)">([^<]*)</span>', page) == [("0.500", "애"), ("0.500", "니메이션")]


def test_a_source_of_no_sentences_is_refused(tmp_path: Path) -> None:
    flat = Prediction("a", ["a"], [Answer("x", -0.1, ["x"], np.ones((1, 1)))])
    with pytest.raises(Mistake, match="does not read sentences"):
        write_documents([flat], tmp_path / "page.html", "")


def test_an_empty_document_is_said_to_be_empty(tmp_path: Path) -> None:
    write_documents([Prediction("", [], [], [])], tmp_path / "page.html", "")
    assert "nothing to read" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_table_has_a_row_for_each_symbol_written(tmp_path: Path) -> None:
    weights = np.array([[0.9, 0.1], [0.0, 1.0]])
    empty = Prediction("", [], [])
    answered = Prediction("a<", ["a", "<"], [Answer("x", -0.1, ["x"], weights)])
    write_attention_page([answered, empty], tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.count('<th scope="row">&lt;/s&gt;</th><td>&lt; 1.00, a 0.00</td>') == 2, "in each language"
    assert "nothing to read" in page


def test_a_table_needs_attention(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="no attention"):
        write_attention_page([Prediction("a", ["a"], [Answer("x", -0.1, ["x"], None)])], tmp_path / "page.html")
