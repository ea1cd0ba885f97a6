"""A linear classifier: logistic regression on TF-IDF of words and pairs of words, and of the letters in short texts.

scikit-learn's own, with its defaults but for sublinear counts and weaker regularisation. It is what Wang & Manning
(2012) and many after them found hard to beat on long texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from unspool.errors import MissingExtra
from unspool.fields.field import Raw
from unspool.rivals.rival import KnownPairs, Rival

# Letters are counted in the first part of a text only, and only where texts are short on average: in reviews of IMDB,
# which are not, they cost a point. Lengths in characters.
LETTERS_FROM, SHORT = 400, 1000
# Words and single marks: "film." is the word that "film" is.
WORD = r"\w+|[^\w\s]"
STRENGTH, ROUNDS = 10.0, 300


def fit(known: KnownPairs) -> Rival:
    """Fit on the sources as text, as far as their symbols are known."""
    source, target = known.fields
    texts = [known.source_text(number) for number in range(len(known.sources))]
    rival = fit_texts(texts, [target.decode(ids).text for ids in known.targets])
    assert rival.answer is not None
    answer = rival.answer
    return Rival(rival.parameters, lambda raw: answer(source.decode(source.encode(raw)).text))


def fit_texts(texts: Sequence[str], labels: Sequence[str]) -> Rival:
    """Fit on texts as they are; a `MissingExtra` without scikit-learn."""
    model = _pipeline(sum(map(len, texts)) <= SHORT * len(texts))
    if len(set(labels)) < 2:
        return Rival(1, lambda source: labels[0])
    model.fit(texts, labels)

    def answer(raw: Raw) -> str:
        (label,) = model.predict([raw])
        return str(label)

    return Rival(int(model[-1].coef_.size + model[-1].intercept_.size), answer)


def _first_letters(text: str) -> str:
    return text[:LETTERS_FROM].lower()


def _pipeline(letters_count: bool) -> Any:
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline, make_union
    except ImportError:
        raise MissingExtra("The linear rival", "compare") from None
    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), token_pattern=WORD)
    letters = TfidfVectorizer(
        sublinear_tf=True, ngram_range=(2, 4), analyzer="char_wb", preprocessor=_first_letters, min_df=2
    )
    counted = make_union(words, letters) if letters_count else words
    return make_pipeline(counted, LogisticRegression(C=STRENGTH, max_iter=ROUNDS))
