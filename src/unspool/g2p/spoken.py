"""A written English text in the words that are read aloud: numbers, money, times, abbreviations, initials."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from unspool.g2p.numbers import cardinal, decimal, number, ordinal, plural
from unspool.text.spelling import QUOTES

# Those that are read as other words than they are written, and whose dot ends no sentence.
ABBREVIATIONS = {
    "mr.": "mister", "mrs.": "missus", "ms.": "miz", "dr.": "doctor", "prof.": "professor", "st.": "saint",
    "jr.": "junior", "sr.": "senior", "rev.": "reverend", "gen.": "general", "capt.": "captain", "lt.": "lieutenant",
    "sgt.": "sergeant", "col.": "colonel", "hon.": "honorable", "mt.": "mount", "ft.": "fort", "vs.": "versus",
    "etc.": "et cetera", "e.g.": "for example", "i.e.": "that is", "approx.": "approximately", "dept.": "department",
    "no.": "number", "vol.": "volume",
}  # fmt: skip
# They are abbreviations only before a number or a name: "no.", "st.", "col." also end sentences.
BEFORE_A_NUMBER = {"no.", "vol."}
BEFORE_A_NAME = {"st.", "gen.", "col.", "hon.", "mt.", "ft.", "rev.", "sr.", "jr.", "ms."}
MONEY = {"$": ("dollar", "cent"), "£": ("pound", "pence"), "€": ("euro", "cent")}
FRACTIONS = {"½": " one half ", "¼": " one quarter ", "¾": " three quarters "}
# Letters that are no letter with an accent to Unicode.
LETTERS = {"ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "AE",
           "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th", "ð": "th", "Ð": "Th", "ı": "i"}  # fmt: skip
SIGNS = {"%": " percent ", "&": " and ", "+": " plus ", "=": " equals ", "@": " at "}
SIZES = {"k": "thousand", "m": "million", "bn": "billion", "b": "billion", "tn": "trillion"}
# Right after a number: one of it, and several. Those of one letter only without a blank between.
UNITS = {
    "km": ("kilometer", "kilometers"), "cm": ("centimeter", "centimeters"), "mm": ("millimeter", "millimeters"),
    "kg": ("kilogram", "kilograms"), "mg": ("milligram", "milligrams"), "ml": ("milliliter", "milliliters"),
    "lb": ("pound", "pounds"), "lbs": ("pound", "pounds"), "oz": ("ounce", "ounces"), "min": ("minute", "minutes"),
    "mph": ("mile per hour", "miles per hour"), "km/h": ("kilometer per hour", "kilometers per hour"),
    "Hz": ("hertz", "hertz"), "kHz": ("kilohertz", "kilohertz"), "MHz": ("megahertz", "megahertz"),
    "GHz": ("gigahertz", "gigahertz"), "kB": ("kilobyte", "kilobytes"), "KB": ("kilobyte", "kilobytes"),
    "MB": ("megabyte", "megabytes"), "GB": ("gigabyte", "gigabytes"), "TB": ("terabyte", "terabytes"),
    "m": ("meter", "meters"), "g": ("gram", "grams"), "l": ("liter", "liters"), "L": ("liter", "liters"),
}  # fmt: skip
# The letter A by itself is the article; this is how its name is written as a word.
LETTER_NAMES = {"a": "ay"}

_ABBREVIATION = re.compile(
    rf"(?<![\w.])({'|'.join(re.escape(one) for one in sorted(ABBREVIATIONS, key=len, reverse=True))})", re.IGNORECASE
)
_INITIALS = re.compile(r"(?<![\w.])((?:[A-Za-z]\.){2,})(?!\w)")
_MONEY = re.compile(
    r"([$£€])\s?(\d+(?:,\d{3})*)(?:\.(\d{2})(?!\d)|\.(\d+))?(?:\s(thousand|million|billion|trillion)\b|(k|m|bn|b|tn)\b)?",
    re.IGNORECASE,
)
_TIME = re.compile(r"(?<![\d:])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])(?:\s?([ap]m)\b)?", re.IGNORECASE)
_HOUR = re.compile(r"(?<![\w.,:])(1[0-2]|[1-9])\s?([ap]m)\b", re.IGNORECASE)
_UNIT = re.compile(
    rf"(?<![\w.,])(\d[\d,]*(?:\.\d+)?)(?:\s?({'|'.join(unit for unit in UNITS if len(unit) > 1)})|([mglL]))(?![\w/])"
)
_ORDINAL = re.compile(r"(?<![\w,])(\d{1,3}(?:,\d{3})+|\d+)(?:st|nd|rd|th)\b", re.IGNORECASE)
_DECADE = re.compile(r"(?<!\w)'?(\d{2}|\d{3}0)'?s\b")
_DECIMAL = re.compile(r"(?<![\d.])(\d*)\.(\d+)(?![\d.]*\d)")
_MINUS = re.compile(r"(?<![\w-])[-−](?=\.?\d)")
_THOUSANDS = re.compile(r"(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,]*\d)")
_DIGITS = re.compile(r"\d+")
_BETWEEN = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


def spoken(text: str) -> str:
    """The text in words: letters of any case, apostrophes and punctuation, without accents, one space between."""
    for written, plain in (*QUOTES.items(), *FRACTIONS.items(), *LETTERS.items(), ("−", "-")):
        text = text.replace(written, plain)
    text = "".join(" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in text)
    text = unicodedata.normalize("NFKC", text)
    text = _ABBREVIATION.sub(_abbreviation, text)
    text = _INITIALS.sub(lambda found: letters(found[1].replace(".", "")), text)
    text = _numbers(text)
    for sign, words in SIGNS.items():
        text = text.replace(sign, words)
    decomposed = unicodedata.normalize("NFD", text)
    return " ".join("".join(one for one in decomposed if unicodedata.category(one) != "Mn").split())


def letters(word: str) -> str:
    """The names of its letters, as words.

    >>> letters("USA")
    'u s ay'
    """
    return " ".join(LETTER_NAMES.get(letter, letter) for letter in word.lower())


def _numbers(text: str) -> str:
    # In this order: what a later pattern would take for something else goes first.
    steps: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
        (_MONEY, _money),
        (_TIME, _time),
        (_HOUR, lambda found: f"{cardinal(found[1])} {letters(found[2])}"),
        (_UNIT, _unit),
        (_MINUS, lambda _: "minus "),
        (_ORDINAL, lambda found: ordinal(found[1].replace(",", ""))),
        (_THOUSANDS, lambda found: cardinal(found[0].replace(",", ""))),
        (_DECADE, lambda found: plural(number(found[1]))),
        (_DECIMAL, lambda found: decimal(found[1], found[2])),
        (_BETWEEN, lambda _: " "),
        (_DIGITS, lambda found: number(found[0])),
    ]
    for pattern, say in steps:
        text = pattern.sub(lambda found, say=say: _apart(found, say(found)), text)  # type: ignore[misc]
    return text


def _apart(found: re.Match[str], said: str) -> str:
    """What is said in a text, with a blank where a letter or a digit stands next to it: 3.5kg, USB3.0."""
    text, begin, end = found.string, found.start(), found.end()
    before, after = text[begin - 1 : begin] if begin else "", text[end : end + 1]
    return " " * before.isalnum() + said + " " * after.isalnum()


def _abbreviation(found: re.Match[str]) -> str:
    short, rest = found[1].lower(), found.string[found.end() :]
    if short in BEFORE_A_NUMBER and not re.match(r"\s?\d", rest):
        return found[0]
    if short in BEFORE_A_NAME and not re.match(r"\s?[A-Z]", rest):
        return found[0]
    ends = "." if short == "etc." and not rest.strip() else ""
    return ABBREVIATIONS[short] + ends


def _money(found: re.Match[str]) -> str:
    sign, whole, cents, fraction, word, short = found.groups()
    size = word or (SIZES[short.lower()] if short else None)
    unit, small = MONEY[sign]
    whole = whole.replace(",", "")
    if size or fraction:
        amount = decimal(whole, cents or fraction) if cents or fraction else cardinal(whole)
        return f"{amount} {f'{size} ' if size else ''}{unit}s"
    parts = [f"{cardinal(whole)} {unit}{'' if int(whole) == 1 else 's'}"] if int(whole) or not int(cents or 0) else []
    if int(cents or 0):
        few = str(int(cents))
        parts.append(f"{cardinal(few)} {small}{'' if few == '1' or small == 'pence' else 's'}")
    return " ".join(parts)


def _time(found: re.Match[str]) -> str:
    hour, minute, half = found[1].lstrip("0") or "0", found[2], found[3]
    if half:
        later = "" if minute == "00" else f"{_minute(minute)} "
        return f"{cardinal(hour)} {later}{letters(half)}"
    if minute == "00":
        return f"{cardinal(hour)} o'clock" if 1 <= int(hour) <= 12 else f"{cardinal(hour)} hundred"
    return f"{cardinal(hour)} {_minute(minute)}"


def _minute(minute: str) -> str:
    return f"{'oh ' if minute[0] == '0' else ''}{cardinal(str(int(minute)))}"


def _unit(found: re.Match[str]) -> str:
    one, several = UNITS[found[2] or found[3]]
    return f"{found[1]} {one if found[1] == '1' else several}"
