"""A trained folder as a person holds it: load it, ask it, measure it.

model = unspool.load("runs/g2p")
model.predict(["hello"], beam=5)[0].text
model.evaluate("dev.tsv")["exact_match"]
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from unspool import folder as disk
from unspool.answers import Answer, Notes, Prediction, Score, instead_of_unknown
from unspool.config import DecodingConfig, RunConfig, validated
from unspool.data.arrays import read_arrays
from unspool.data.columns import FIRST_TWO, Columns, parse_columns
from unspool.data.corpus import Example, examples_of
from unspool.data.inputs import Files
from unspool.data.running_text import pieces, read_text
from unspool.data.tables import Pair
from unspool.decoding.corpus import search_corpus
from unspool.decoding.ensemble import Ensemble
from unspool.decoding.hypothesis import Hypothesis
from unspool.decoding.likelihood import log_likelihoods
from unspool.engines import EngineName, Trained, open_engine
from unspool.errors import Mistake
from unspool.folder import Facts
from unspool.metrics.report import BITS, evaluate_answers, evaluate_likelihoods
from unspool.models.registry import continues
from unspool.reader import Reader
from unspool.text.differences import difference
from unspool.text.reals import RealReader, sizes_of
from unspool.text.symbols import spelled, symbols_of
from unspool.text.units import normal_form, units_of
from unspool.types import Array, Document, Source, Stepper, Tokenizer


class Model:
    """A trained model with its tokenizers; made by `load`.

    engine: in a sentence, what answers and why
    notes:  how the sources so far were read
    """

    def __init__(
        self,
        config: RunConfig,
        facts: Facts,
        tokenizers: tuple[Tokenizer, Tokenizer],
        stepper: Stepper,
        engine: str = "",
    ) -> None:
        self.config, self.facts, self.stepper, self.engine = config, facts, stepper, engine
        self.source_tokenizer, self.target_tokenizer = tokenizers
        self.reader, self.notes = Reader(config, *tokenizers), Notes(config.data.max_source)

    @property
    def columns(self) -> Columns | None:
        """Which columns of a table are sources; None where the model learned from plain lines."""
        if self.config.data.columns:
            return parse_columns(self.config.data.columns)
        return FIRST_TWO if self.facts.files["data"] else None

    @property
    def continues(self) -> bool:
        """Whether it goes on with running text, instead of answering sources."""
        return continues(self.config.model)

    def predict(
        self,
        lines: Iterable[str | Array],
        *,
        prefix: str | Sequence[str] = "",
        replace_unknown: str | Path | Mapping[str, str] | None = None,
        on_done: Callable[[int], None] | None = None,
        start: int = 0,
        **decoding: Any,
    ) -> list[Prediction]:
        """Answer each line; an empty line gets no hypotheses and the text "".

        A model of running text goes on with each line, from nothing where a line is empty. One of real values is given
        arrays `[S, F]` for lines.

        prefix: what the answers begin with, one text for all lines or one for each; scores include it. It ends where a
                symbol ends: of "the ca", subwords may not find "the cat"
        replace_unknown: what an unknown word that is written becomes: "source" copies the word that attention weighs
                most; a dictionary, or its file of source word, tab, target word, translates it where it can
        start: the number of the first line, which its samples belong to, where lines come in several calls
        Other keywords are those of `DecodingConfig`, such as `beam=5, n_best=3`; what is not given is as in training.
        """
        if isinstance(lines, str):
            raise Mistake(
                f"predict was given one text, {lines[:40]!r}, and takes a list.", "Put it in brackets: predict([text])"
            )
        settings = self._decoding(decoding)
        texts = list(lines)
        read, dictionary = self.reader.sources(texts), self.reader.dictionary(replace_unknown)
        begun = self.reader.beginnings(prefix, len(texts), settings.max_length)
        asked = [number for number, source in enumerate(read) if len(source) or self.continues]
        sources = [self.reader.shortened(read[number]) for number in asked]
        numbers = [start + number for number in asked]
        prefixes = begun and [begun[number] for number in asked]
        found: dict[int, list[Hypothesis]] = dict(
            zip(asked, search_corpus(self.stepper, sources, settings, on_done, numbers, prefixes), strict=True)
        )
        return [
            self._prediction(text, source, found.get(number, []), dictionary)
            for number, (text, source) in enumerate(zip(texts, read, strict=True))
        ]

    def evaluate(
        self,
        data: str | Path | Sequence[Example],
        *,
        metrics: Sequence[str] | None = None,
        resamples: int = 1000,
        on_done: Callable[[int], None] | None = None,
        **decoding: Any,
    ) -> dict[str, Any]:
        """Metrics with 95 % intervals, as `evaluate --json` writes them; rates in percent.

        data: a file of the form that the model was trained on, or examples
        resamples: bootstrap draws behind the intervals; 0 leaves them out
        `seconds` is the time of decoding alone.
        """
        decoding = {"n_best": 1} | decoding
        examples = self.examples(Files((Path(data),))) if isinstance(data, str | Path) else list(data)
        begun = time.perf_counter()
        if self.continues:
            figures = self._likelihood(examples, metrics or [BITS], resamples, on_done)
            return figures | {"seconds": round(time.perf_counter() - begun, 3)}
        predictions = self.predict([example.source for example in examples], on_done=on_done, **decoding)
        seconds = time.perf_counter() - begun
        normal = normal_form(self.target_tokenizer)
        figures = evaluate_answers(
            [normal(prediction.text) for prediction in predictions],
            [tuple(map(normal, example.references)) for example in examples],
            symbols=units_of(self.target_tokenizer),
            metrics=metrics or self.facts.metrics,
            tokenizer=self.facts.bleu_tokenizer,
            resamples=resamples,
        )
        return figures | {"seconds": round(seconds, 3)}

    def score(
        self, pairs: Iterable[tuple[str | Array, str]], *, on_done: Callable[[int], None] | None = None
    ) -> list[Score]:
        """How likely the model finds each target behind its source; sources are read as `predict` reads them.

        Of the answer that `predict` finished, this is its score, as long as the target's tokenizer cuts the text as
        the model wrote it (subwords may be cut otherwise). Of a model of running text a target is how its source goes
        on.
        """
        given = list(pairs)
        sources = self.reader.sources([source for source, _ in given])
        targets = [self.reader.goal(text, source) for (_, text), source in zip(given, sources, strict=True)]
        for source, target in zip(sources, targets, strict=True):
            self.notes.add(source if isinstance(source, np.ndarray) else source.ids, target)
        found = log_likelihoods(self.stepper, [self.reader.shortened(source) for source in sources], targets, on_done)
        return [
            Score(source if isinstance(source, str) else "", target, round(float(log_prob), 6), len(ids))
            for (source, target), ids, log_prob in zip(given, targets, found, strict=True)
        ]

    def pairs(self, files: Files) -> list[tuple[str | Array, str]]:
        """Sources with one target each, in the order of the files, read with the columns of training."""
        if isinstance(self.source_tokenizer, RealReader):
            return [*zip(*read_arrays(files.data), strict=True)]
        return [("\t".join(pair.source), "\t".join(pair.target)) for pair in self._table(files)]

    def examples(self, files: Files) -> list[Example]:
        """Sources with all their right answers, read with the columns of training; of running text its pieces."""
        if self.continues:
            return pieces(read_text(files.data))
        if isinstance(self.source_tokenizer, RealReader):
            together = zip(*read_arrays(files.data), strict=True)
            return [Example(sequence, (target,), number) for number, (sequence, target) in enumerate(together, 1)]
        return examples_of(self._table(files))

    def _table(self, files: Files) -> Iterator[Pair]:
        """The pairs of the files; afterwards the notes say what was passed over."""
        table, _ = files.open(self.config.data if files.data else self.config.data.model_copy(update={"columns": None}))
        yield from table
        self.notes.reading += table.reading.messages()

    def _likelihood(
        self, examples: list[Example], metrics: Sequence[str], resamples: int, on_done: Callable[[int], None] | None
    ) -> dict[str, Any]:
        """Bits for each character of the pieces, the state carried through each of them."""
        if list(metrics) != [BITS]:
            what = f"A model of running text writes no answers to measure {', '.join(metrics)} of."
            raise Mistake(what, f"Its only metric is {BITS}.")
        texts = [example.references[0] for example in examples]
        before = (example.source for example in examples if isinstance(example.source, str))
        sources, targets = self.reader.ids(before), self.reader.ids(texts)
        for target in targets:
            self.notes.add_unseen(target)
        found = log_likelihoods(self.stepper, sources, targets, on_done)
        return evaluate_likelihoods(found, np.array([len(text) for text in texts]), resamples=resamples)

    def _decoding(self, wanted: dict[str, Any]) -> DecodingConfig:
        given = {name: value for name, value in wanted.items() if value is not None}
        if given.get("sample"):
            given = {"beam": 1} | given
        return validated(DecodingConfig, self.config.decoding.model_dump() | given, "decoding")

    def _prediction(
        self, text: str | Array, source: Source, found: list[Hypothesis], dictionary: Mapping[str, str] | None
    ) -> Prediction:
        kept = self.reader.shortened(source)
        ids = kept if isinstance(kept, np.ndarray) else kept.ids
        self.notes.add(source if isinstance(source, np.ndarray) else source.ids)
        unknown: list[dict[int, str]] = [{}] * len(found)
        if dictionary is not None and isinstance(text, str):
            symbols = symbols_of(self.source_tokenizer, text)
            unknown = [instead_of_unknown(hypothesis, symbols, dictionary) for hypothesis in found]
        answers = [self._answer(kept, *each) for each in zip(found, unknown, strict=True)]
        if not isinstance(text, str):
            text, ids = "", np.arange(len(kept))
        sentences = kept.sentences.tolist() if isinstance(kept, Document) else None
        return Prediction(text, self.source_tokenizer.tokens(ids.tolist()), answers, sentences)

    def _answer(self, source: Source, hypothesis: Hypothesis, unknown: dict[int, str]) -> Answer:
        tokenizer = self.target_tokenizer
        items, copied = self.reader.written(hypothesis.items, source)
        unknown = unknown | copied
        text = spelled(tokenizer, items, unknown) if unknown else tokenizer.decode(items)
        tokens = [unknown.get(place, token) for place, token in enumerate(tokenizer.tokens(items))]
        return Answer(text, round(hypothesis.score, 6), tokens, hypothesis.attention)


def load(path: str | Path | Sequence[str | Path], device: str = "auto", engine: EngineName = "auto") -> Model:
    """Load a folder that `train` or `export` wrote; a missing, truncated or foreign file is a `Mistake` that names it.

    Several folders answer as one, an ensemble: at every step the mean of their probabilities. They may be of different
    models and engines, but must have the same tokenizers; settings that are not given are those of the first.

    device: auto, cpu or cuda
    engine: torch, onnx, or auto: ONNX Runtime for an exported folder, and for a trained one with a current export of
            its own in `onnx/` unless a GPU is asked for; otherwise PyTorch
    """
    folders = [Path(path)] if isinstance(path, str | Path) else [Path(one) for one in path]
    if not folders:
        raise Mistake("No model was given.", "Give a folder that 'unspool train' wrote, or several.")
    first, *others = members = [_load(folder, device, engine) for folder in folders]
    if not others:
        return first
    for folder, other in zip(folders[1:], others, strict=True):
        _refuse_unlike(folders[0], first, folder, other)
    stepper = Ensemble([member.stepper for member in members])
    tokenizers = (first.source_tokenizer, first.target_tokenizer)
    return Model(first.config, first.facts, tokenizers, stepper, "\n".join(member.engine for member in members))


def _load(folder: Path, device: str, engine: EngineName) -> Model:
    config, facts = disk.read_run(folder)
    tokenizers = disk.read_tokenizers(folder)
    if facts.sizes != sizes_of(*tokenizers):
        raise Mistake(
            f"The tokenizers in {folder} are not those of its model.", "Were two folders mixed? Copy it again."
        )
    opened = open_engine(Trained(folder, config, facts, tokenizers), device, engine)
    return Model(config, facts, tokenizers, opened.stepper, opened.reason)


def _refuse_unlike(first: Path, one: Model, second: Path, other: Model) -> None:
    """Whether two models can answer together: what they read and write must be the same, to the last symbol."""
    remedy = "Models that answer together are trained on the same data with the same tokenizers, or --from one another."
    if one.reader.form != other.reader.form:
        names = [model.config.model + " that copies" * model.reader.form.copies for model in (one, other)]
        models = f"{first} holds a {names[0]} and {second} a {names[1]}"
        raise Mistake(f"{models}, which do not read and write the same kind of thing.", remedy)
    sides = {
        "source": (one.source_tokenizer, other.source_tokenizer),
        "target": (one.target_tokenizer, other.target_tokenizer),
    }
    for side, tokenizers in sides.items():
        if unlike := difference(*tokenizers):
            raise Mistake(f"{first} and {second} have unlike {side} vocabularies: {unlike}.", remedy)
