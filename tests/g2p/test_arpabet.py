from __future__ import annotations

import pytest

from unspool.g2p.arpabet import SYMBOLS, to_ipa


def test_there_are_fifteen_vowels_in_three_stresses_and_twenty_four_consonants() -> None:
    assert len(SYMBOLS) == 15 * 3 + 24


@pytest.mark.parametrize(
    ("sounds", "ipa"),
    [
        ("HH AH0 L OW1", "həˈloʊ"),
        ("IH0 G Z AE1 M P AH0 L", "ɪɡˈzæmpəl"),
        ("EH1 K S T R AH0", "ˈɛkstɹə"),
        ("IH0 N S T R AH1 K T", "ɪnˈstɹʌkt"),
        ("S IH1 NG ER0", "ˈsɪŋɚ"),
        ("M AH1 DH ER0 HH UH2 D", "ˈmʌðɚˌhʊd"),
        ("B ER1 D", "ˈbɝd"),
        ("K R IY0 EY1 T", "kɹiˈeɪt"),
        ("S T R EH1 NG K TH S", "ˈstɹɛŋkθs"),
        ("HH M", "hm"),
        ("V L AA1 D", "ˈvlɑd"),
    ],
)
def test_marks_of_stress_stand_before_their_syllables(sounds: str, ipa: str) -> None:
    assert to_ipa(sounds.split()) == ipa
