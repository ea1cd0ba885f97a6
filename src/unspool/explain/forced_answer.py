"""A source and an answer to it, as a network reads and writes them: the model's own answer, or one that is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from unspool.errors import Mistake, nearest
from unspool.fields.field import Raw
from unspool.nn.stepper import TorchStepper
from unspool.plural import counted
from unspool.predictor import Predictor
from unspool.types import UNK, Array, Labels, Seq2Seq, Sequences


class Explained(NamedTuple):
    """What is explained: a batch of one source, an answer `[T]`, and another answer of equal length or None.

    continues:    whether the network goes on with its source, so that the source's last item is its first input
    from_the_end: whether the source's last item is read first
    """

    source: Sequences[Array]
    answer: Array
    instead: Array | None = None
    continues: bool = False
    from_the_end: bool = False


@dataclass(frozen=True, slots=True)
class ForcedAnswer:
    """A source and an answer with the names of their symbols; those of real values are numbers from 1.

    source_tokens: of all items that are read; of a document, of all its words
    tokens:        of all items that are written, the end included
    """

    model: Seq2Seq
    source: str
    source_tokens: list[str]
    text: str
    tokens: list[str]
    explained: Explained


def network_of(predictor: Predictor, wanted: str = "What a network depends on is found") -> Seq2Seq:
    """The network of a trained folder; an exported one, or an ensemble, is a `Mistake`.

    wanted: the beginning of its sentence: what is sought in the network
    """
    if not isinstance(predictor.stepper, TorchStepper):
        what = f"{wanted} in the network itself, and this is an export or an ensemble."
        raise Mistake(what, "Give the trained folder of one model.")
    return predictor.stepper.model


def forced_answer(predictor: Predictor, source: Raw, answer: str | None = None) -> ForcedAnswer:
    """The network's own answer to a source, or another one; an empty source is a `Mistake` where it has no meaning."""
    model, reads = network_of(predictor), predictor.fields.source
    text, answered = _own_answer(predictor, source) if answer is None else (answer, known_answer(predictor, answer))
    read, written = predictor.encode_pair(source, answered)
    if not len(read) and not reads.may_be_empty:
        raise Mistake("There is nothing to explain: the input is empty.", "Give a text of at least one symbol.")
    settings = predictor.config.model
    explained = Explained(
        reads.collate([read]), written, continues=settings.continues, from_the_end=settings.reads_from_the_end
    )
    names, tokens = numbered(reads.display(read), len(read)), target_tokens(predictor, written, read)
    return ForcedAnswer(model, reads.text_of(source), names, text, tokens, explained)


def _own_answer(predictor: Predictor, source: Raw) -> tuple[str, Raw]:
    """The network's answer as a text, and in the form in which training had it: real values are counted, not shown."""
    found = predictor.predict([source], lexicon=False)[0]
    values = found.hypotheses[0].values if found.hypotheses else None
    return (found.text, found.text) if values is None else (counted(len(values), "step", "steps"), values)


def known_answer(predictor: Predictor, answer: str) -> str:
    """An answer that is given; a label that the model does not have is a `Mistake`."""
    target = predictor.fields.target
    if isinstance(target.dimension, Labels) and UNK in target.encode(answer):
        label = next(iter(target.unseen(answer)), answer)
        what = f"The model has no label '{label[:60]}'."
        raise Mistake(what, nearest(label, map(str, target.answer_tokenizer().written())))
    return answer


def target_tokens(predictor: Predictor, items: Any, source: Any) -> list[str]:
    """The symbols of an answer, the end included; real values have numbers."""
    tokens = predictor.fields.target.decode(items, source, {}).tokens
    return numbered([*tokens, *["</s>"] * (len(items) - len(tokens) == 1)], len(items))


def numbered(names: list[str], count: int) -> list[str]:
    """Names for so many items: their numbers from 1 if there are no names for all."""
    return names if len(names) == count else np.arange(1, count + 1).astype(str).tolist()
