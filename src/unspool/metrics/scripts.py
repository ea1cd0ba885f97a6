"""Writing systems whose words are not what stands between spaces, for metrics that count words.

Han, Kana, Thai, Lao, Burmese, Khmer and Tibetan are written without spaces between words. In Hangul, a word and the
particles after it are written together, so that one noun has dozens of forms.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

# The beginnings of their letters' names in Unicode.
HAN_AND_KANA = ("CJK ", "IDEOGRAPHIC ", "HIRAGANA ", "KATAKANA", "HALFWIDTH KATAKANA", "BOPOMOFO ")
WITHOUT_WORDS = (*HAN_AND_KANA, "HANGUL ", "HALFWIDTH HANGUL", "THAI ", "LAO ", "MYANMAR ", "KHMER ", "TIBETAN ")


def mostly(texts: Iterable[str], scripts: tuple[str, ...]) -> bool:
    """Whether more than half of the letters of some texts have names that begin so."""
    letters = [character for text in texts for character in text if character.isalpha()]
    ours = {letter for letter in {*letters} if unicodedata.name(letter, "").startswith(scripts)}
    return sum(letter in ours for letter in letters) > len(letters) / 2


def bleu_tokenizer(texts: Iterable[str]) -> str:
    """BLEU's tokenizer for such answers: `char` for the scripts above, otherwise `13a`, the one of the literature."""
    return "char" if mostly(texts, WITHOUT_WORDS) else "13a"
