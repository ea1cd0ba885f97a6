"""The words of pictures and pages, in English, or in Korean where what they show is Korean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from unspool.answers.answer import Prediction

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


@dataclass(frozen=True, slots=True)
class InfluenceWords:
    """The words beside the influence of symbols.

    signs:   what the colours of weights with signs mean
    methods: what a weight is, by method
    """

    title: str
    read: str
    written: str
    key: str
    signs: str
    methods: Mapping[str, str]


INFLUENCE = {
    "en": InfluenceWords(
        title="What each output symbol depends on",
        read="read",
        written="written before",
        key="The darkest of a row is its largest.",
        signs="Blue speaks for the symbol on the left, orange against it.",
        methods={
            "gradient": "How much a small change of each symbol's vector would change the log-probability.",
            "gradient_input": "Gradient times input: the share of each symbol in the log-probability, to first order.",
            "integrated": "Integrated gradients: the shares of all symbols in the log-probability, in nats.",
            "occlusion": "How many nats of log-probability are lost when a symbol is taken away.",
        },
    ),
    "ko": InfluenceWords(
        title="출력 기호마다 무엇에 달려 있는가",
        read="읽은 것",
        written="앞서 쓴 것",
        key="행마다 가장 짙은 칸이 가장 큰 값입니다.",
        signs="파란색은 왼쪽 기호에 힘을 보태고 주황색은 뺍니다.",
        methods={
            "gradient": "기호의 벡터를 조금 바꿀 때 로그 확률이 얼마나 바뀌는지입니다.",
            "gradient_input": "기울기 × 입력: 그 근처에서 각 기호가 로그 확률에 차지하는 몫입니다.",
            "integrated": "적분 기울기: 모든 기호가 로그 확률에 차지하는 몫(내트)입니다.",
            "occlusion": "기호를 지웠을 때 줄어드는 로그 확률(내트)입니다.",
        },
    ),
}


@dataclass(frozen=True, slots=True)
class MemoryWords:
    """The words beside curves of memory. power: the axis of logarithms; length: the axis of a logarithmic scale"""

    language: str
    title: str
    key: str
    distance: str
    length: str
    power: str
    table: str


MEMORY = {
    "en": MemoryWords(
        language="en",
        title="How far back the network remembers",
        key="The length of the gradient of an answer's log-probability with respect to a symbol, over the steps since "
        "that symbol was read. 1 is the mean of each network over all distances.",
        distance="steps since the symbol was read",
        length="length of the gradient, relative to the mean",
        power="length of the gradient, power of 10",
        table="Relative length of the gradient",
    ),
    "ko": MemoryWords(
        language="ko",
        title="신경망은 얼마나 먼 것까지 기억하는가",
        key="답의 로그 확률을 각 기호로 미분한 기울기의 길이를, 그 기호를 읽은 뒤 지난 단계 수에 따라 보입니다. "
        "1은 신경망마다 모든 거리에서 평균한 값입니다.",
        distance="기호를 읽은 뒤 지난 단계",
        length="기울기의 길이(평균에 견준 비율)",
        power="기울기의 길이, 10의 거듭제곱",
        table="기울기의 상대 길이",
    ),
}


def captions_for(predictions: Iterable[Prediction]) -> Captions:
    """The words that suit what was read and written."""
    texts = (text for one in predictions for text in (str(one.source), *(answer.text for answer in one.hypotheses)))
    return KOREAN if language_of(texts) == KOREAN.language else ENGLISH


def language_of(texts: Iterable[str]) -> str:
    """`ko` if enough of the letters are Hangul, otherwise `en`."""
    letters = [letter for text in texts for letter in text if letter.isalpha()]
    hangul = sum(map(_is_hangul, letters))
    return "ko" if hangul > KOREAN_SHARE * len(letters) else "en"


def _is_hangul(letter: str) -> bool:
    """A syllable, or a single letter of Hangul."""
    return "가" <= letter <= "힣" or "\u1100" <= letter <= "\u11ff" or "\u3130" <= letter <= "\u318f"
