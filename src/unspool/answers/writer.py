"""Hypotheses of a search, and answers of a lexicon, as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from unspool.answers.answer import Answer, Notes, Prediction, replace_unknown
from unspool.answers.confidence import Confidence
from unspool.decoding.hypothesis import Hypothesis
from unspool.fields.field import Item, Raw
from unspool.fields.registry import Fields
from unspool.text.unseen import NAMED


class AnswerWriter:
    """Writes answers with the fields of a model.

    limit:      the most items of a source that are read
    confidence: as of `Predictor`
    """

    def __init__(self, fields: Fields, limit: int, confidence: Confidence | None) -> None:
        self.fields, self.limit, self.confidence = fields, limit, confidence

    def prediction(
        self, raw: Raw, item: Item, found: Sequence[Hypothesis], dictionary: Mapping[str, str] | None,
        at_least: float | None,
    ) -> Prediction:  # fmt: skip
        """The answers of a search to one source.

        dictionary: translations of source words that stand for unknown words of an answer; None: those stay
        at_least: the confidence below which an answer is left out
        """
        field, kept = self.fields.source, self._cut(item)
        unknown: list[dict[int, str]] = [{}] * len(found)
        if dictionary is not None:
            symbols = field.symbols(raw)
            unknown = [replace_unknown(hypothesis, symbols, dictionary) for hypothesis in found]
        answers = [self.answer(kept, hypothesis, words) for hypothesis, words in zip(found, unknown, strict=True)]
        unfinished = bool(found) and self.fields.target.ends and not found[0].finished
        notes = self.notes(raw, item)._replace(answer_cut=unfinished)
        if at_least is not None:
            sure = [answer for answer in answers if answer.confidence is None or answer.confidence >= at_least]
            answers, notes = sure, notes._replace(abstained=bool(answers) and not sure)
        return Prediction(field.text_of(raw), field.display(kept), answers, field.sentences(kept), notes)

    def from_lexicon(
        self, raw: Raw, item: Item, answers: list[Answer], *, listed: bool, at_least: float | None
    ) -> Prediction:
        """The answers of a lexicon to one source, which are certain. listed: those of the large table."""
        field, kept = self.fields.source, self._cut(item)
        notes = Notes(lexicon=True, dictionary=listed, abstained=None if at_least is None else False)
        if self.confidence is not None:
            answers = [replace(answer, confidence=1.0) for answer in answers]
        return Prediction(field.text_of(raw), field.display(kept), answers, field.sentences(kept), notes)

    def answer(self, source: Item, hypothesis: Hypothesis, unknown: Mapping[int, str]) -> Answer:
        """One hypothesis. unknown: words that stand at the steps of unknown ones."""
        field = self.fields.target
        text, tokens, values = field.decode(hypothesis.output, source, unknown)
        score = hypothesis.score - field.log_volume(hypothesis.output)
        joint = None if hypothesis.joint_score is None else round(hypothesis.joint_score, 6)
        answer = Answer(
            text, round(score, 6), tokens, hypothesis.attention, values, hypothesis.finished, joint_score=joint
        )
        if self.confidence is None:
            return answer
        sure = self.confidence.of(np.array(score), np.array(answer.symbols))
        return replace(answer, confidence=round(float(sure), 6))

    def notes(self, raw: Raw, item: Item, target: Raw = "", written: Item | None = None) -> Notes:
        """How a source, and a target if one was given, were read."""
        reads, writes = self.fields
        unseen, unseen_target = reads.unknown(item), 0 if written is None else writes.unknown(written)
        symbols = dict.fromkeys(
            [*(reads.unseen(raw) if unseen else ()), *(writes.unseen(target) if unseen_target else ())]
        )
        known_as = reads.known_as(raw, unseen) if unseen else ""
        return Notes(unseen, unseen_target, len(item) > self.limit, (*symbols,)[:NAMED], known_as)

    def _cut(self, item: Item) -> Item:
        return self.fields.source.truncate(item, self.limit)
