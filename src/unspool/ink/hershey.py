"""Writing in Hershey's single-stroke fonts as if by hand: the data of the recipe `handwriting`.

A style is a font with a slant, a width and a roundness that stay the same over its lines. Each line then varies as
hands do: letters differ in size, angle and distance, the line drifts, and a smooth field bends everything a little. No
point trembles by itself. The same seed gives the same ink.

The fonts are in the package Hershey-Fonts (MIT licence); A. V. Hershey, "Calligraphy for Computers", 1967.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from unspool.errors import MissingExtra, Mistake
from unspool.ink.drawing import Drawing, to_points
from unspool.ink.evenness import SPACING, even_stroke
from unspool.types import Array

# Fonts for Latin letters with one or few strokes a letter, which a person tells apart.
FONTS = ("futural", "cursive", "timesi", "timesr")
# The letters of ASCII that all of them have.
LETTERS = "".join(map(chr, range(32, 127)))
# Of a small x in upright fonts, in the fonts' units. Capitals are 21 units high in all of them.
HEIGHT = 14.0
# Waves of the field that bends a line, and how far it moves a point, in heights of a small x.
WAVES, BEND = 4, 0.07


@dataclass(frozen=True, slots=True)
class Hand:
    """A style of writing. slant: x to the right for 1 upwards; roundness: how far corners are cut, in points."""

    font: str
    slant: float = 0.0
    width: float = 1.0
    roundness: float = 1.0

    @property
    def name(self) -> str:
        """The font first, so that its name is the first word."""
        return f"{self.font} slant {self.slant:+.2f} width {self.width:.2f}"


def random_hand(draw: np.random.Generator, fonts: tuple[str, ...] = FONTS) -> Hand:
    """A hand in one of the fonts."""
    font = fonts[int(draw.integers(len(fonts)))]
    slant, width, roundness = draw.normal(0, 0.12), draw.uniform(0.88, 1.15), draw.uniform(0.4, 1.4)
    return Hand(font, round(float(np.clip(slant, -0.3, 0.3)), 2), round(float(width), 2), round(float(roundness), 2))


def written_lines(texts: Iterable[str], seed: int, *, hands: int = 40) -> Iterator[Drawing]:
    """Each text as a line of ink in units of a small x, in one of so many hands, evenly spaced."""
    draw = np.random.default_rng(seed)
    known = [random_hand(draw, (FONTS[number % len(FONTS)],)) for number in range(hands)]
    for number, text in enumerate(texts):
        hand = known[int(draw.integers(len(known)))]
        yield written(text, hand, np.random.default_rng((seed, number)))


def written(text: str, hand: Hand, draw: np.random.Generator, spacing: float = SPACING) -> Drawing:
    """One line in a hand."""
    strokes, at, drift = [], 0.0, 0.0
    size = float(draw.normal(1, 0.04))
    for letter in text:
        shapes, advance = glyph(hand.font, letter)
        drift = 0.85 * drift + float(draw.normal(0, 0.02))
        scale, angle = size * np.exp(draw.normal(0, 0.035, 2)), float(draw.normal(0, 0.025))
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        strokes += [(shape * scale) @ turn + (at, drift) for shape in shapes]
        at += advance * size * float(np.exp(draw.normal(0, 0.04)))
    fine = [even_stroke(stroke, spacing / 4) for stroke in strokes]
    bend = _field(draw)
    sheared = [(stroke + bend(stroke)) @ np.array([[hand.width, 0], [-hand.slant, 1]]) for stroke in fine]
    pace = spacing * float(np.exp(draw.normal(0, 0.06)))
    even = [even_stroke(rounded(stroke, hand.roundness), pace) for stroke in sheared]
    return Drawing(to_points(even), text, hand.name, f"{text!r} in {hand.font}")


def rounded(stroke: Array, points: float) -> Array:
    """A stroke whose points, a quarter of a step apart, are averaged over some neighbours; both ends stay."""
    reach = min(round(2 * points), len(stroke) - 1)
    if reach < 1 or len(stroke) < 3:
        return stroke
    padded = np.concatenate(
        [2 * stroke[:1] - stroke[reach:0:-1], stroke, 2 * stroke[-1:] - stroke[-2 : -reach - 2 : -1]]
    )
    window = np.hanning(len(padded) - len(stroke) + 3)[1:-1]
    window /= window.sum()
    return np.stack([np.convolve(padded[:, axis], window, mode="valid") for axis in (0, 1)], axis=1)


@cache
def glyph(font: str, letter: str) -> tuple[tuple[Array, ...], float]:
    """The strokes of a letter in heights of a small x, its baseline at y = 0, and how far it is to the next letter."""
    if letter not in LETTERS:
        raise Mistake(f"The fonts have no '{letter}'.", "They have the letters, digits and signs of ASCII.")
    shape = _glyphs(font)[letter]
    origin = np.array([shape.left_offset, shape.base_line])
    return tuple((stroke - origin) / HEIGHT for stroke in _strokes(shape)), shape.char_width / HEIGHT


def _strokes(shape: Any) -> list[Array]:
    return [np.array(list(stroke), dtype=np.float64) for stroke in shape.strokes]


@cache
def _glyphs(font: str) -> Any:
    try:
        from HersheyFonts import HersheyFonts
    except ImportError:
        raise MissingExtra("Writing in Hershey's fonts", "recipes") from None
    fonts = HersheyFonts()
    fonts.load_default_font(font)
    return fonts.all_glyphs


def _field(draw: np.random.Generator) -> Any:
    """A smooth field of displacements: a few waves, 3 to 12 heights of a small x long."""
    lengths, angles = draw.uniform(3, 12, WAVES), draw.uniform(0, 2 * np.pi, WAVES)
    waves = 2 * np.pi / lengths * np.stack([np.cos(angles), np.sin(angles)])
    phases, ways = draw.uniform(0, 2 * np.pi, WAVES), draw.normal(0, BEND / np.sqrt(WAVES), (WAVES, 2))
    return lambda places: np.sin(places @ waves + phases) @ ways
