"""The words of pictures and pages, in English, or in Korean where what they show is Korean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from unspool.answers import Prediction

# The share of Hangul among the letters from which on the words are Korean.
KOREAN_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Captions:
    """Everything that is written besides a person's own text.

    language: as in HTML
    key:      explains the colours of a document
    """

    language: str
    weight: str
    symbols: str
    labels: str
    key: str
    nothing: str
    right: str


ENGLISH = Captions(
    language="en",
    weight="attention weight",
    symbols="Attention of each output symbol",
    labels="The attention of each label",
    key="Blue: the attention weight of a sentence. Orange: the weights of its words, relative to the largest one; "
    "words of a sentence with a small weight are pale. Hover over a colour to see its weight.",
    nothing="nothing to read",
    right="right label",
)
KOREAN = Captions(
    language="ko",
    weight="어텐션 가중치",
    symbols="출력 기호마다의 어텐션",
    labels="레이블마다의 어텐션",
    key="파란색은 문장의 어텐션 가중치, 주황색은 그 문장 안에서 가장 큰 값에 견준 단어의 가중치입니다. "
    "가중치가 작은 문장의 단어는 옅게 보입니다. 색 위에 마우스를 올리면 가중치가 나타납니다.",
    nothing="읽을 내용이 없습니다",
    right="정답",
)


def captions_for(predictions: Iterable[Prediction]) -> Captions:
    """The words that suit what was read and written."""
    texts = [text for one in predictions for text in (str(one.source), *(answer.text for answer in one.hypotheses))]
    letters = [letter for text in texts for letter in text if letter.isalpha()]
    hangul = sum(map(_is_hangul, letters))
    return KOREAN if hangul > KOREAN_SHARE * len(letters) else ENGLISH


def _is_hangul(letter: str) -> bool:
    """A syllable, or a single letter of Hangul."""
    return "가" <= letter <= "힣" or "\u1100" <= letter <= "\u11ff" or "\u3130" <= letter <= "\u318f"
