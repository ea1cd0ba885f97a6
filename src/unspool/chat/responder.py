"""A model's replies in a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from unspool.answers.answer import FROM_LEXICON, Answer, Prediction
from unspool.chat.conversation import Conversation
from unspool.chat.relevance import Relevance
from unspool.errors import Mistake
from unspool.model import Model
from unspool.reranking import Reranker


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply to a line.

    text:       the reply, or the line for what the model has nothing to say about
    unsure:     whether it is that line
    confidence: how sure it is that the model's reply belongs to the line; None if that is not calibrated
    prediction: the model's own replies, best first
    """

    text: str
    unsure: bool
    confidence: float | None
    prediction: Prediction

    def to_json(self, said: str, number: int) -> dict[str, Any]:
        """As `chat --json` writes it."""
        sure = {} if self.confidence is None else {"confidence": round(self.confidence, 4)}
        replies = [{"text": each.text, "score": each.score} for each in self.prediction.hypotheses]
        return {"turn": number, "said": said, "reply": self.text, "unsure": self.unsure, **sure, "replies": replies}


class Responder:
    """A model that replies.

    reranker:  orders its replies anew; None: as the model finds them
    relevance: how sure it is that a reply belongs to its line; None: not known
    unsure:    the line to say instead of a reply that probably does not belong; None: the reply in any case
    at_least:  the least confidence of a reply; None: the one below which a tenth of held-out lines lie
    decoding:  options of `Model.predict`
    """

    def __init__(
        self, model: Model, *, reranker: Reranker | None = None, relevance: Relevance | None = None,
        unsure: str | None = None, at_least: float | None = None, **decoding: Any,
    ) -> None:  # fmt: skip
        if any(field.kind != "text" for field in model.fields):
            reads, writes = model.fields
            what = f"A conversation is between texts, and this model goes from {reads.kind} to {writes.kind}."
            raise Mistake(what, "Train one on lines and their replies.")
        if unsure is not None and relevance is None:
            what = "It is not known when this model has nothing to say."
            raise Mistake(what, "Calibrate it on held-out lines and replies: unspool chat MODEL --calibrate FILE")
        if at_least is not None and unsure is None:
            raise Mistake("--at-least is for the line that replaces an unsure reply.", "Add: --unsure LINE")
        if at_least is not None and not 0 <= at_least <= 1:
            raise Mistake(f"--at-least {at_least:g} is no confidence.", "Give a number from 0 to 1.")
        self.model, self.reranker, self.relevance = model, reranker, relevance
        self.unsure, self.decoding = unsure, decoding
        self.at_least = relevance.least if relevance is not None and at_least is None else at_least or 0.0

    def reply(self, conversation: Conversation, said: str) -> Reply:
        """The reply to a line; the conversation remembers both."""
        source = said if self._is_in_the_lexicon(said) else conversation.source(said)
        (prediction,) = self.model.predict([source], rerank=self.reranker, start=conversation.count, **self.decoding)
        confidence = self._confidence(source, prediction.hypotheses)
        text, unsure = prediction.text, False
        if self.unsure is not None and (confidence is None or confidence < self.at_least):
            text, unsure = self.unsure, True
        conversation.add(said, text)
        return Reply(text, unsure, confidence, prediction)

    def _is_in_the_lexicon(self, said: str) -> bool:
        """Whether a person wrote the reply to a line, whatever was said before it."""
        lexicon = self.model.predictor.lexicon
        return lexicon is not None and bool(self.decoding.get("lexicon", True)) and bool(lexicon.answers(said))

    def _confidence(self, source: str, replies: list[Answer]) -> float | None:
        if replies and replies[0].origin == FROM_LEXICON:
            return 1.0  # a person wrote it
        if self.relevance is None or not replies or not replies[0].text:
            return None
        (sure,) = self.relevance.of(self.model, [(source, replies[0].text)])
        return float(sure)
