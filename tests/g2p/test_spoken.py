from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from unspool.g2p.spoken import spoken

SPOKEN = {
    "I read 3 books": "I read three books",
    "21 000": "twenty-one zero zero zero",
    "1,234 of 12,345,678": "one thousand two hundred thirty-four of twelve million three hundred forty-five thousand "
    "six hundred seventy-eight",
    "the 1st, 22nd and 103rd": "the first, twenty-second and one hundred third",
    "in 1984, 2026 and 1066": "in nineteen eighty-four, twenty twenty-six and one thousand sixty-six",
    "the 1990s and the '80s": "the nineteen nineties and the eighties",
    "3.14 and .5": "three point one four and zero point five",
    "-5 or −0.5": "minus five or minus zero point five",
    "007": "zero zero seven",
    "1234567890123456": "one two three four five six seven eight nine zero one two three four five six",
    "$1": "one dollar",
    "$250": "two hundred fifty dollars",
    "$3.50": "three dollars fifty cents",
    "$0.01": "one cent",
    "£1,000.02": "one thousand pounds two pence",
    "€2.5 million": "two point five million euros",
    "5% & more": "five percent and more",
    "10:05, 10:30, 10:00, 0:00": "ten oh five, ten thirty, ten o'clock, zero hundred",
    "½": "one half",
    "10:05am or 12:30 PM, at 5pm.": "ten oh five ay m or twelve thirty p m, at five p m.",
    "3.5kg of 1,000km": "three point five kilograms of one thousand kilometers",
    "a 1,500m race, then 1 km, 60 km/h": "a one thousand five hundred meters race, then one kilometer, "
    "sixty kilometers per hour",
    "$5M, $20k and £3bn": "five million dollars, twenty thousand dollars and three billion pounds",
    "v1.5 on USB3.0": "v one point five on USB three point zero",
    "the 1,000th": "the one thousandth",
    "Straße, Łódź, Øre": "Strasse, Lodz, Ore",
    "Dr. Who vs. Mr. Spock": "doctor Who versus mister Spock",
    "cats, e.g. Tom": "cats, for example Tom",
    "and so on, etc.": "and so on, et cetera.",
    "St. Paul is a st.": "saint Paul is a st.",
    "No. 5? no. No.": "number five? no. No.",
    "the U.S. at 5 p.m.": "the u s at five p m",
    "B2B": "B two B",
    "café “naïve” it’s": 'cafe "naive" it\'s',
    "a\x00b\x1bc\u2028d": "a b c d",
    "３": "three",
}


@pytest.mark.parametrize("text", SPOKEN)
def test_a_text_is_written_as_it_is_read_aloud(text: str) -> None:
    assert spoken(text) == SPOKEN[text]


@given(some.text())
def test_no_digit_is_left_of_any_text(text: str) -> None:
    assert not any(one in "0123456789" for one in spoken(text))
