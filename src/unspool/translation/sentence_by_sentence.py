"""Texts of any length, sentence by sentence; what stands between sentences and all placeholders are kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unspool.plural import counted
from unspool.text.sentences import put_together, split_apart
from unspool.translation.placeholders import PLAIN, Placeholders, TextSpan, fitted, has_words, pieces, same
from unspool.translation.segments import Translate


@dataclass(slots=True)
class Tally:
    """How many sentences were translated, how many of them in pieces, and how many pieces stayed as they were."""

    sentences: int = 0
    in_pieces: int = 0
    left: int = 0

    def messages(self) -> list[str]:
        """What the user should know."""
        said = [f"{counted(self.sentences, 'sentence was', 'sentences were')} translated."]
        if self.in_pieces:
            many = counted(self.in_pieces, "of them was", "of them were")
            said.append(f"{many} translated in pieces, because the answer had not all placeholders and numbers.")
        if self.left:
            many = counted(self.left, "piece stays as it was", "pieces stay as they were")
            said.append(f"{many}, because the answer was empty or had other placeholders.")
        return said


class SentenceTranslator:
    """Translates texts with a function that translates sentences; `tally` counts over all calls."""

    def __init__(self, translate: Translate, placeholders: Placeholders = PLAIN) -> None:
        self._translate, self._placeholders = translate, placeholders
        self.tally = Tally()

    def __call__(self, texts: Sequence[str]) -> list[str]:
        """The translations; white space between and around sentences is that of the texts."""
        apart = [split_apart(text) for text in texts]
        sentences = {part for parts in apart for part in parts if has_words(self._placeholders, part)}
        known = self._sentences(sorted(sentences))
        return [put_together(known.get(part, part) for part in parts) for parts in apart]

    def _sentences(self, sentences: Sequence[str]) -> dict[str, str]:
        """The translation of each sentence; in pieces where the whole answer lost a placeholder."""
        answers = dict(zip(sentences, self._translate(sentences), strict=True))
        lost = [
            sentence
            for sentence, answer in answers.items()
            if not answer.strip() or not same(self._placeholders, sentence, answer)
        ]
        self.tally.sentences += len(sentences)
        self.tally.in_pieces += sum(self._placeholders.search(sentence) is not None for sentence in lost)
        return answers | dict(zip(lost, self._in_pieces(lost), strict=True))

    def _in_pieces(self, sentences: Sequence[str]) -> Iterator[str]:
        split = [[*pieces(self._placeholders, sentence)] for sentence in sentences]
        texts = sorted({piece.text for one in split for piece in one if piece.text})
        known = dict(zip(texts, self._translate(texts), strict=True)) if texts else {}
        for one in split:
            yield "".join(f"{piece.before}{self._piece(piece, known)}{piece.after}" for piece in one)

    def _piece(self, piece: TextSpan, known: dict[str, str]) -> str:
        if not piece.text:
            return ""
        answer = fitted(piece.text, known[piece.text])
        if not answer or self._placeholders.search(answer):
            self.tally.left += 1
            return piece.text
        return answer
