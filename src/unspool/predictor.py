"""A trained model that answers: sources in, answers with their scores out.

A predictor stores nothing about the sources that it answers. Notes on how sources were read come with the answers. So
several threads may use it at once, and it can be pickled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from unspool.answers.answer import Answer, Prediction, Score
from unspool.answers.confidence import Confidence
from unspool.answers.following import Following
from unspool.answers.lexicon import Lexicon
from unspool.answers.permitted import Allow, Permitted, permit
from unspool.answers.prefixes import encode_beginning, encode_prefixes
from unspool.answers.traces import Trace, inside_of, traced_tokens
from unspool.answers.writer import AnswerWriter
from unspool.config import DecodingConfig, RunConfig, validated
from unspool.data.dictionary import Dictionary, dictionary_of
from unspool.decoding.attention_edits import AttentionEdit
from unspool.decoding.corpus import search_corpus
from unspool.decoding.ensemble import Ensemble
from unspool.decoding.likelihood import log_likelihoods
from unspool.decoding.priming import Primed
from unspool.decoding.search_trace import trace_search
from unspool.decoding.streaming import stream
from unspool.decoding.watching import Watch
from unspool.errors import Mistake
from unspool.fields.field import Decoded, Item, Raw
from unspool.fields.registry import Fields
from unspool.folder import RunMetadata
from unspool.ngrams.joint import JointNgram
from unspool.ngrams.reordering import best, candidates, propose
from unspool.translation.paragraphs import answer_parts, owners, parts_of
from unspool.types import Array, Stepper

OnDone = Callable[[int], object]


class Predictor:
    """A model with its source and target fields.

    engine:     a sentence that tells which engine runs the model and why
    lexicon:    answers that go before the model; None if there are none
    joint:      the n-gram model of aligned pairs that orders the answers of a beam; None if there is none
    confidence: from the log-probability of an answer to its probability of being right; None: not calibrated
    """

    def __init__(
        self,
        config: RunConfig,
        metadata: RunMetadata,
        fields: Fields,
        stepper: Stepper,
        engine: str = "",
        lexicon: Lexicon | None = None,
        confidence: Confidence | None = None,
        joint: JointNgram | None = None,
    ) -> None:
        self.config, self.metadata, self.fields = config, metadata, fields
        self.stepper, self.engine, self.lexicon = stepper, engine, lexicon
        self.confidence, self.joint = confidence, joint

    def predict(
        self,
        sources: Iterable[Raw],
        *,
        prefix: str | Sequence[str] = "",
        allow: Allow | Permitted | None = None,
        pattern: str | None = None,
        replace_unknown: Dictionary | None = None,
        on_done: OnDone | None = None,
        start: int | Sequence[int] = 0,
        prime: tuple[str, Array] | None = None,
        lexicon: bool = True,
        at_least: float | None = None,
        following: Following | None = None,
        **decoding: Any,
    ) -> list[Prediction]:
        """Answer each source, a text or an array `[S, F]`; an empty one gets no hypotheses and the text "".

        A model of running text continues each source, and starts a new text if the source is empty.

        prefix: the text that answers begin with, one for all sources or one for each; scores include it. Its last
                character is complete: after 서 no answer is 설. With subwords "the ca" may not find "the cat"
        allow:  the permitted answers: a list of texts, a file with one on each line, or what `permitted` returns. Those
                that the model cannot write are left out. Scores are the model's own, as without it
        pattern: a regular expression (Python's `re`) that the text of every answer matches from its first character to
                its last; with `allow`, the answers of the list that match it
        replace_unknown: how unknown words in an answer are replaced: "source" copies the source word with the largest
                attention weight; a dictionary, or its file (source word, tab, target word), translates that word
        prime: for a model that writes texts by hand, a text and its ink `[S, 3]`, after which it writes the source in
                the same hand; a space is put between both texts. Answers and scores are without it
        start: the number of the first source, on which its samples depend, if sources come in several calls; or the
                number of each
        following: what the caller wants to know while answers are written, by the places of the sources
        at_least: the least confidence, from 0 to 1: answers below it are left out, and a source may get none. Those of
                 the lexicon stay
        lexicon: whether the folder's lexicon goes before the model, with at most `n_best` answers in their order. One
                 that does not begin with the prefix or is not permitted is left out; if none is left, the model answers
        A source of several sentences longer than nearly all of training is answered sentence by sentence, if the model
        was trained on sentences and no option but the beam is given.

        Other keywords are those of `DecodingConfig`, such as `beam=5, n_best=3`; defaults are the settings of training.
        """
        if isinstance(sources, str):
            what = f"predict needs a list of texts, and got one text, {sources[:40]!r}."
            raise Mistake(what, "Put it in brackets: predict([text])")
        settings, raws, field = self.decoding(decoding), list(sources), self.fields.source
        whole = bool(prefix) or prime is not None or allow is not None or pattern is not None or settings.sample
        whole |= at_least is not None
        if not whole and (parts := self._parts(raws, settings.n_best if lexicon else 0)):
            own = decoding | {"replace_unknown": replace_unknown, "on_done": on_done, "lexicon": lexicon}
            own |= {"following": following and following.of_parts(owners(parts))}
            return answer_parts(raws, parts, lambda sources: self.predict(sources, **own))
        stepper = self.stepper if prime is None else self._primed(prime[1])
        if prime is not None:
            raws = [f"{prime[0].rstrip()} {raw}" for raw in raws]
        if replace_unknown is not None:
            self._refuse_values()
        self.check_confidence(at_least)
        read, dictionary = [field.encode(raw) for raw in raws], dictionary_of(replace_unknown)
        prefixes = encode_prefixes(
            self.fields.target, prefix, read, settings.max_length, copies=self.config.model.copies
        )
        changing = prefixes and [self.fields.target.changing(prefix) for prefix in prefixes]
        permitted = self.permitted(allow, pattern)
        if permitted is not None:
            permitted.check(
                settings.max_length, prefixes or [np.zeros(0, np.int64)], changing or [np.zeros(0, np.int64)]
            )
        known = self._known(raws, prefix, permitted, settings.n_best) if lexicon else {}
        answered = [
            number for number, item in enumerate(read) if number not in known and (len(item) or field.may_be_empty)
        ]
        kept = [self._cut(read[number]) for number in answered]
        first = range(start, start + len(read)) if isinstance(start, int) else start
        one_answer, watch = settings.beam == settings.n_best == 1, None
        if following is not None:
            watch = following.watch(self.fields.target, kept, answered, one_answer=one_answer)
        found = search_corpus(
            stepper,
            kept,
            candidates(self.joint, settings),
            field.collate,
            on_done,
            [first[number] for number in answered],
            prefixes and [prefixes[number] for number in answered],
            changing and [changing[number] for number in answered],
            None if permitted is None else permitted.automaton,
            watch,
        )
        if not prefixes and permitted is None and not settings.no_repeat:
            found = propose(self.joint, stepper, kept, found, settings, field.collate)
        hypotheses = {
            number: best(self.joint, item, one, settings)
            for number, item, one in zip(answered, kept, found, strict=True)
        }
        writer = self.writer
        return [
            writer.from_lexicon(raw, item, known[number], listed=self._is_listed(raw), at_least=at_least)
            if number in known
            else writer.prediction(raw, item, hypotheses.get(number, []), dictionary, at_least)
            for number, (raw, item) in enumerate(zip(raws, read, strict=True))
        ]

    def trace(
        self,
        source: Raw,
        *,
        prefix: str | Sequence[int] = "",
        edits: Sequence[tuple[int, int, float]] = (),
        following: Following | None = None,
        **decoding: Any,
    ) -> Trace:
        """Answer one source, and tell everything that its search kept in each step, by the model alone.

        prefix: as in `predict`; or the numbers of its items, which a trace shows
        edits: (step, position, weight), from 0: in that step that position of the source gets that weight of attention,
               and the others share the rest in proportion
        following: as in `predict`; the source is number 0, and only `wants` is asked
        Other keywords are those of `DecodingConfig`; all hypotheses of a beam are among the answers. The lexicon is not
        asked. A model of real values is a `Mistake`, and so are several samples.
        """
        settings, (reads, writes) = self.decoding(decoding), self.fields
        item = reads.encode(source)
        kept, notes = self._cut(item), self.writer.notes(source, item)
        if not len(item) and not reads.may_be_empty:
            return Trace(reads.text_of(source), [], [], [], [], notes.sentences())
        begin, barred = encode_beginning(writes, prefix, item, settings.max_length)
        watch = None if following is None else Watch(following.wants)
        changes = [AttentionEdit(*edit) for edit in edits]
        found = trace_search(self.stepper, reads.collate([kept]), settings, begin, barred, watch, changes)
        names = reads.display(kept)
        notes = notes._replace(answer_cut=writes.ends and bool(found.hypotheses) and not found.hypotheses[0].finished)
        answers = [self.writer.answer(kept, hypothesis, {}) for hypothesis in found.hypotheses]
        steps = traced_tokens(found, writes, kept, len(names))
        inside = inside_of(found, len(names))
        return Trace(reads.text_of(source), names, steps, answers, found.paths, notes.sentences(), **inside)

    def permitted(self, allow: Allow | Permitted | None = None, pattern: str | None = None) -> Permitted | None:
        """Permitted answers, made once for many calls of `predict`; None if all are permitted."""
        if isinstance(allow, Permitted) and pattern is not None:
            what = "The permitted answers are ready, and a pattern cannot be added to them."
            raise Mistake(what, "Give the pattern where they are made: model.permitted(allow, pattern)")
        if isinstance(allow, Permitted) or (allow is None and pattern is None):
            return allow
        return permit(self.fields.target, allow, pattern)

    def check_confidence(self, at_least: float | None) -> None:
        """Raise a `Mistake` if this is no probability, or if the model's answers have no confidence."""
        if at_least is None:
            return
        if not 0 <= at_least <= 1:
            raise Mistake(f"A confidence of at least {at_least} is no probability.", "Give a number from 0 to 1: 0.9")
        if isinstance(self.stepper, Ensemble):
            raise Mistake("The answers of several models together have no confidence.", "Ask one model for --at-least.")
        if self.confidence is None:
            what = "The confidence of this model's answers is not calibrated."
            raise Mistake(what, "Calibrate it on held-out examples: unspool evaluate MODEL FILE --calibrate")

    def score(self, pairs: Iterable[tuple[Raw, Raw]], *, on_done: OnDone | None = None) -> list[Score]:
        """How likely the model finds each target given its source; sources are read as `predict` reads them.

        For a finished answer of `predict` this is its score, if the target's tokenizer splits the text into the same
        symbols (subwords may be split differently). For a model of running text, a target is a continuation of its
        source.
        """
        given, (reads, writes) = list(pairs), self.fields
        sources = [reads.encode(source) for source, _ in given]
        targets = [self._target(target, source) for (_, target), source in zip(given, sources, strict=True)]
        kept = [self._cut(source) for source in sources]
        found = log_likelihoods(self.stepper, kept, targets, reads.collate, on_done)
        return [
            Score(
                reads.text_of(raw), writes.text_of(answer),
                round(float(log_prob) - writes.log_volume(target), 6), len(target),
                self.writer.notes(raw, source, answer, target),
            )
            for (raw, answer), source, target, log_prob in zip(given, sources, targets, found, strict=True)
        ]  # fmt: skip

    def stream(self, pieces: Iterable[Raw]) -> Iterator[Decoded]:
        """The answers to one endless source, piece by piece, each as soon as its piece is there.

        pieces: parts of the source, one after another, of any lengths: arrays `[S, F]`, or texts. The model must be one
                that has seen only what comes before each answer, such as a tagger with `bidirectional=false`
        """
        field = self.fields.source
        read = (field.collate([item]) for item in map(field.encode, pieces) if len(item))
        return map(self.fields.target.decode, stream(self.stepper, read))

    def encode_pair(self, source: Raw, target: Raw) -> tuple[Item, Item]:
        """The items of a source that are read, and those of a target as the model would generate it."""
        read = self.fields.source.encode(source)
        return self._cut(read), self._target(target, read)

    @property
    def writer(self) -> AnswerWriter:
        """What makes answers of hypotheses."""
        return AnswerWriter(self.fields, self.limit, self.confidence)

    @property
    def limit(self) -> int:
        """The most items of a source that are read."""
        return self.config.data.max_source

    def decoding(self, wanted: Mapping[str, Any]) -> DecodingConfig:
        """The settings of training, changed by those that are given; None means not given."""
        given = {name: value for name, value in wanted.items() if value is not None}
        if self.stepper.distribution is not None and not given.get("sample"):
            for name, flag in (("beam", "--beam"), ("n_best", "--n-best")):
                if given.get(name, 1) > 1:
                    what = f"{flag} {given[name]} is for symbols, and this model writes real values."
                    raise Mistake(what, "Draw several answers: --sample --n-best N. Or leave it out.")
        if given.get("sample"):
            given = {"beam": 1} | given
        return validated(DecodingConfig, self.config.decoding.model_dump() | given, "decoding")

    def _primed(self, ink: Array) -> Primed:
        """The stepper after the ink of a prime."""
        reads, writes = self.fields
        if (reads.kind, writes.kind) != ("text", "ink"):
            what = f"A prime is for a model that writes texts by hand, and this is a {self.config.model.name}."
            raise Mistake(what, "Leave it out. A graves goes on with ink that is given as its source.")
        return Primed(self.stepper, writes.encode(ink))

    def _parts(self, raws: Sequence[Raw], from_lexicon: int) -> list[list[str]] | None:
        """The parts of each source; one with `from_lexicon` answers in the lexicon stays whole."""
        known = self._known(raws, "", None, from_lexicon) if from_lexicon else {}
        return parts_of(raws, self.fields.source, self.metadata, known)

    def _cut(self, item: Item) -> Item:
        return self.fields.source.truncate(item, self.limit)

    def _target(self, raw: Raw, source: Item) -> Item:
        """A given target, encoded as the model would generate it."""
        field = self.fields.target
        item = field.check(raw, field.encode(raw, source), source)
        return field.end(field.match(item, self._cut(source)))

    def _known(
        self, raws: Sequence[Raw], prefix: str | Sequence[str], permitted: Permitted | None, most: int
    ) -> dict[int, list[Answer]]:
        """The answers of the lexicon, by the numbers of their sources."""
        if self.lexicon is None:
            return {}
        prefixes = [prefix] * len(raws) if isinstance(prefix, str) else prefix or [""] * len(raws)
        found = [self.lexicon.find(raw, most, begin, permitted) for raw, begin in zip(raws, prefixes, strict=True)]
        return {number: answers for number, answers in enumerate(found) if answers}

    def _is_listed(self, raw: Raw) -> bool:
        return self.lexicon is not None and self.lexicon.is_listed(raw)

    def _refuse_values(self) -> None:
        """Refuse to replace unknown words where there are no words."""
        if self.stepper.distribution is not None:
            raise Mistake("This model writes real values, and no unknown words.", "Leave --replace-unknown out.")
        self.fields.source.symbols("")
