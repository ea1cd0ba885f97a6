"""Pictures and pages speak the language of what they show, with a font that was installed a moment ago too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from matplotlib import font_manager

from unspool.answers.answer import Answer, Prediction
from unspool.explain import pictures
from unspool.explain.attention import heat_map
from unspool.explain.attention_page import write_attention_page
from unspool.explain.captions import ENGLISH, KOREAN, captions_for


def answered(source: str, text: str) -> Prediction:
    weights = np.full((len(text) + 1, len(source)), 1 / max(1, len(source)))
    return Prediction(source, list(source), [Answer(text, -1.0, list(text), weights)])


@pytest.mark.parametrize(
    ("source", "text", "captions"),
    [
        ("hello", "world", ENGLISH),
        ("안녕", "하세요", KOREAN),
        ("ㅎㅏㄴ", "한", KOREAN),
        ("hi", "안녕", KOREAN),
        ("12", "", ENGLISH),
    ],
)
def test_the_words_suit_the_text(source: str, text: str, captions: object) -> None:
    assert captions_for([answered(source, text)]) is captions


def test_both_languages_have_all_words() -> None:
    for name in ENGLISH.__slots__:
        english, korean = getattr(ENGLISH, name), getattr(KOREAN, name)
        assert english and korean and english != korean


def test_a_page_says_everything_in_both_languages(tmp_path: Path) -> None:
    write_attention_page([answered("안녕", "하세요")], tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert '<main id="ko" lang="ko">' in page and '<main id="en" lang="en">' in page
    assert KOREAN.symbols in page and ENGLISH.symbols in page and page.count("안녕 → 하세요") == 2


@pytest.fixture
def font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a font with Hangul, which is on the disk but not in the library's list of fonts."""
    file = tmp_path / "fonts" / "New.ttf"
    file.parent.mkdir()
    made = TTFont(font_manager.findfont("DejaVu Sans"))
    for record in made["name"].names:
        record.string = str(record).replace("DejaVu Sans", "Unspool Hangul")
    for table in made["cmap"].tables:
        if table.isUnicode():
            table.cmap |= {ord(letter): table.cmap[ord("A")] for letter in "안녕하세요어텐션가중치"}
    made.save(file)
    (file.parent / "Broken.ttf").write_bytes(b"no font")
    monkeypatch.setattr(pictures, "EAST_ASIAN", ("Unspool Hangul",))
    monkeypatch.setattr(font_manager.fontManager, "ttflist", list(font_manager.fontManager.ttflist))
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda *_: [str(file.parent / "Broken.ttf"), str(file)])
    return "Unspool Hangul"


def test_a_font_that_was_just_installed_is_found(font: str, tmp_path: Path) -> None:
    assert font not in font_manager.get_font_names()
    assert heat_map(answered("안녕", "하세요"), tmp_path / "picture.png") == []
    assert (tmp_path / "picture.png").exists()
