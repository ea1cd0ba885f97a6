"""Numbers as English words; access to the library `unicode_rbnf`, which has the rules of Unicode's CLDR."""

from __future__ import annotations

from functools import cache

from unicode_rbnf import FormatPurpose, RbnfEngine

# More digits than this have no name that is read aloud.
MOST_DIGITS = 15
# Four digits without a comma are read as a year from the first to the last of these.
YEARS = range(1100, 2100)


@cache
def _engine() -> RbnfEngine:
    return RbnfEngine.for_language("en")


def cardinal(digits: str) -> str:
    """A whole number: `21` is twenty-one. Long ones and those with a leading zero are read digit by digit."""
    if len(digits) > MOST_DIGITS or (len(digits) > 1 and digits.startswith("0")):
        return each_digit(digits)
    return _engine().format_number(int(digits), FormatPurpose.CARDINAL).text


def ordinal(digits: str) -> str:
    """`3` is third."""
    if len(digits) > MOST_DIGITS:
        return each_digit(digits)
    return _engine().format_number(int(digits), FormatPurpose.ORDINAL).text


def number(digits: str) -> str:
    """A number as it stands in a text: `1984` is nineteen eighty-four, `984` nine hundred eighty-four."""
    if len(digits) == 4 and int(digits) in YEARS:
        return _engine().format_number(int(digits), FormatPurpose.YEAR).text
    return cardinal(digits)


def decimal(whole: str, fraction: str) -> str:
    """`3` and `14` are three point one four."""
    return f"{cardinal(whole) if whole else 'zero'} point {each_digit(fraction)}"


def each_digit(digits: str) -> str:
    """Digit by digit."""
    return " ".join(cardinal(digit) for digit in digits)


def plural(words: str) -> str:
    """Of the last word of a number: nineteen nineties, twenties, hundreds."""
    return f"{words[:-1]}ies" if words.endswith("y") else f"{words}es" if words.endswith("x") else f"{words}s"
