"""Labels: a whole text is one symbol, such as "money-fx" or "very good"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Self

from unspool.text.spelled import SpelledTokenizer
from unspool.text.vocabulary import Vocabulary

# Labels: at most this many kinds, each used this often on average.
MOST_KINDS, LEAST_USES = 200, 20
# The models that write them. The second is better at texts of so many words or more on average (decision 16).
CLASSIFIER, DOCUMENTS = "classifier", "han"
WORDS = 4


class LabelTokenizer(SpelledTokenizer):
    """A symbol for each distinct text, without white space at its ends; an unknown text becomes "<unk>"."""

    kind = "label"
    spelled = False
    symbolic = True

    @classmethod
    def fit(cls, lines: Iterable[str], *, min_count: int = 1, size: int = 0) -> Self:
        """Learn every label of `lines`, however rare."""
        return cls(Vocabulary.fit(map(cls.split, lines)))

    @staticmethod
    def split(text: str) -> Sequence[str]:
        """The label; nothing if there is only white space."""
        return [label] if (label := text.strip()) else []

    def join(self, symbols: Iterable[str]) -> str:
        """The label; several are separated by a space."""
        return " ".join(symbols)

    @property
    def separator(self) -> str:
        """A space."""
        return " "

    def units(self, text: str) -> list[str]:
        """The label as a whole."""
        return [text]

    def normal(self, text: str) -> str:
        """Without white space at the ends."""
        return text.strip()


def label_counts(texts: Iterable[str]) -> dict[str, int] | None:
    """How often each text occurs, if they are few and repeated, as labels are; None otherwise.

    Reading ends as soon as there are too many different ones.

    >>> label_counts(["good", "bad"] * 20), label_counts(["one", "two", "three"])
    ({'good': 20, 'bad': 20}, None)
    """
    counts: dict[str, int] = {}
    for text in texts:
        label = text.strip()
        counts[label] = counts.get(label, 0) + 1
        if len(counts) > MOST_KINDS:
            return None
    repeated = sum(counts.values()) >= LEAST_USES * len(counts)
    return counts if repeated and len(counts) > 1 else None


def model_of_labels(sources: Iterable[tuple[str, ...]]) -> str:
    """The model that suits texts with labels, each text in one column or more.

    >>> model_of_labels([("정말 다시 보고 싶은 영화",)]), model_of_labels([("Kim", "서울")])
    ('han', 'classifier')
    """
    counts = [len(columns[0].split()) if len(columns) == 1 else 0 for columns in sources]
    return DOCUMENTS if sum(counts) >= WORDS * max(1, len(counts)) else CLASSIFIER
