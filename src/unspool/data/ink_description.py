"""What is to know about ink before a training: how much there is, which letters, and what may be a slip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unspool.data.column_stats import Lengths, lengths_of
from unspool.ink.drawing import Drawing
from unspool.ink.evenness import estimated_height

# A letter that is drawn less often is hardly learned.
OFTEN = 5


@dataclass(frozen=True, slots=True)
class InkDescription:
    """The description of drawings.

    empty:   how many have no point
    texts:   how many have a text
    points, strokes: of a drawing
    points_a_letter: of the drawings with a text; 0 without texts
    letters: how often each character of the texts occurs, the most frequent first
    styles:  how many drawings each style has
    height:  the estimated height of a small x
    """

    drawings: int
    empty: int
    texts: int
    points: Lengths
    strokes: Lengths
    points_a_letter: float
    letters: Counter[str]
    styles: Counter[str]
    height: float

    def settings(self) -> list[str]:
        """The model that suits the ink."""
        return ["--model synthesis" if self.texts else "--model graves"]

    def warnings(self) -> Iterator[str]:
        """What may be a slip."""
        if self.empty:
            yield f"Drawings without a point, which are left out: {self.empty:,}."
        if 0 < self.texts < self.drawings:
            yield f"Drawings without a text, which only a graves learns from: {self.drawings - self.texts:,}."
        if rare := [letter for letter, count in self.letters.items() if count < OFTEN]:
            yield f"Characters that are drawn fewer than {OFTEN} times: {' '.join(rare[:40])}"


def describe_ink(drawings: Sequence[Drawing]) -> InkDescription:
    """Describe drawings in memory."""
    texts = [drawing.text for drawing in drawings if drawing.text]
    written = sum(len(drawing.points) for drawing in drawings if drawing.text)
    return InkDescription(
        drawings=len(drawings),
        empty=sum(not len(drawing.points) for drawing in drawings),
        texts=len(texts),
        points=lengths_of(Counter(len(drawing.points) for drawing in drawings)),
        strokes=lengths_of(Counter(int((drawing.points[:, 2] > 0).sum()) for drawing in drawings)),
        points_a_letter=written / sum(map(len, texts)) if texts else 0.0,
        letters=Counter(dict(Counter("".join(texts)).most_common())),
        styles=Counter(drawing.style for drawing in drawings if drawing.style),
        height=estimated_height(drawings),
    )
