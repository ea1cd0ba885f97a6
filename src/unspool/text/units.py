"""What one symbol is when answers are compared, and which metrics suit them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from unspool.types import Tokenizer

# Words of an average answer from which on answers are sentences: a translation, not an inflected form.
SENTENCE_WORDS = 3.0


def units_of(tokenizer: Tokenizer) -> Callable[[str], list[str]]:
    """Splits an answer into what is counted: words or tags where those are written, a label whole, else characters.

    Jamo, bytes and subwords are ways of writing characters, so their figures compare with those of `chars`.
    """
    if tokenizer.kind == "label":
        return lambda text: [text]
    return str.split if tokenizer.kind in ("words", "tags") else list


def normal_form(tokenizer: Tokenizer) -> Callable[[str], str]:
    """What of an answer is compared: a right answer's own white space cannot matter where the tokenizer folds it."""
    if tokenizer.kind == "label":
        return str.strip
    return (lambda text: " ".join(text.split())) if tokenizer.kind == "words" else str


def answers_are_sentences(tokenizer: Tokenizer, answers: Sequence[str]) -> bool:
    """Whether BLEU and chrF say more of these answers than exact matches do."""
    if tokenizer.kind in ("words", "tags"):
        return False
    words = sum(len(answer.split()) for answer in answers)
    return words >= SENTENCE_WORDS * max(1, len(answers))


def bleu_tokenizer(answers: Sequence[str]) -> str:
    """sacrebleu's `char` for Hangul, Han and Kana, whose words no space or many endings delimit; else `13a`."""
    text = "".join(answers)
    letters = sum(character.isalpha() for character in text)
    east_asian = sum(character >= "\u1100" for character in text if character.isalpha())
    return "char" if east_asian > letters / 2 else "13a"
