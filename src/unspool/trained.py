"""A trained folder as a person holds it: load it, ask it, measure it.

model = unspool.load("runs/g2p")
model.predict(["hello"], beam=5)[0].text
model.evaluate("dev.tsv")["exact_match"]
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from unspool import folder as disk
from unspool.config import DecodingConfig, RunConfig, validated
from unspool.data.arrays import read_arrays
from unspool.data.columns import FIRST_TWO, Columns, parse_columns
from unspool.data.corpus import Example, examples_of
from unspool.data.documents import read_documents
from unspool.data.inputs import Files
from unspool.data.reading import counted
from unspool.data.running_text import pieces, read_text
from unspool.decoding.corpus import search_corpus
from unspool.decoding.hypothesis import Hypothesis
from unspool.decoding.likelihood import log_likelihoods
from unspool.engines import EngineName, Trained, open_engine
from unspool.errors import Mistake
from unspool.folder import Facts
from unspool.metrics.report import BITS, evaluate_answers, evaluate_likelihoods
from unspool.models.registry import continues, form_of
from unspool.text.reals import RealReader, sizes_of
from unspool.text.units import normal_form, units_of
from unspool.types import UNK, Array, Document, Source, Stepper, Tokenizer, Tree, map_tree, shortened


@dataclass(frozen=True, slots=True)
class Answer:
    """One hypothesis as text.

    score:     sum of log-probabilities in nats, EOS counted
    attention: `[T, S]` weights over the source's tokens for each token written, EOS last; None without attention.
               Of a document a tuple: `[T, N]` over its sentences, and `[T, N, W]` over the words of each
    """

    text: str
    score: float
    tokens: list[str]
    attention: Tree

    def to_json(self) -> dict[str, Any]:
        """As `predict --json` writes it."""
        weights = map_tree(lambda leaf: leaf.astype(float).round(4).tolist(), self.attention)
        return {"text": self.text, "score": self.score, "tokens": self.tokens, "attention": weights}


@dataclass(frozen=True, slots=True)
class Prediction:
    """A source and its answers, best first; `source_tokens` are what attention's columns stand for.

    sentences: of a document, how many of the tokens each of its sentences has
    """

    source: str
    source_tokens: list[str]
    hypotheses: list[Answer]
    sentences: list[int] | None = None

    @property
    def text(self) -> str:
        """The best answer."""
        return self.hypotheses[0].text if self.hypotheses else ""

    def to_json(self) -> dict[str, Any]:
        """As `predict --json` writes it."""
        return {
            "source": self.source,
            "source_tokens": self.source_tokens,
            **({} if self.sentences is None else {"sentences": self.sentences}),
            "hypotheses": [answer.to_json() for answer in self.hypotheses],
        }


@dataclass(slots=True)
class Notes:
    """What a person should know of how sources were read, added up.

    unseen, lines_unseen: symbols that training never saw, and the sources that hold them
    cut:   sources longer than `limit` symbols
    reading: what was passed over in the files
    """

    limit: int
    unseen: int = 0
    lines_unseen: int = 0
    cut: int = 0
    reading: list[str] = field(default_factory=list)

    def add(self, ids: Array) -> None:
        """Count one source."""
        self.add_unseen(ids)
        self.cut += len(ids) > self.limit

    def add_unseen(self, ids: Array) -> None:
        """Count the unseen symbols of a text that may be of any length."""
        unseen = int((ids == UNK).sum())
        self.unseen += unseen
        self.lines_unseen += unseen > 0

    def messages(self) -> list[str]:
        """A sentence for each thing that happened."""
        said = list(self.reading)
        if self.unseen:
            lines = counted(self.lines_unseen, "line holds", "lines hold")
            said.append(f"{lines} {counted(self.unseen, 'symbol', 'symbols')} never seen in training: <unk>.")
        if self.cut:
            lines, limit = counted(self.cut, "line was", "lines were"), counted(self.limit, "symbol", "symbols")
            said.append(f"{lines} longer than {limit} (data.max_source) and cut.")
        return said


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
        self.notes = Notes(config.data.max_source)

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
        on_done: Callable[[int], None] | None = None,
        start: int = 0,
        **decoding: Any,
    ) -> list[Prediction]:
        """Answer each line; an empty line gets no hypotheses and the text "".

        A model of running text goes on with each line, from nothing where a line is empty. One of real values is given
        arrays `[S, F]` for lines.

        start: the number of the first line, which its samples belong to, where lines come in several calls
        Other keywords are those of `DecodingConfig`, such as `beam=5, n_best=3`; what is not given is as in training.
        """
        if isinstance(lines, str):
            raise Mistake(
                f"predict was given one text, {lines[:40]!r}, and takes a list.", "Put it in brackets: predict([text])"
            )
        settings = self._decoding(decoding)
        texts = list(lines)
        read = self._read(texts)
        asked = [number for number, source in enumerate(read) if len(source) or self.continues]
        sources = [self._shortened(read[number]) for number in asked]
        numbers = [start + number for number in asked]
        found: dict[int, list[Hypothesis]] = dict(
            zip(asked, search_corpus(self.stepper, sources, settings, on_done, numbers), strict=True)
        )
        return [
            self._prediction(text, source, found.get(number, []))
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

    def examples(self, files: Files) -> list[Example]:
        """Sources with all their right answers, read with the columns of training; of running text its pieces."""
        if self.continues:
            return pieces(read_text(files.data))
        if isinstance(self.source_tokenizer, RealReader):
            together = zip(*read_arrays(files.data), strict=True)
            return [Example(sequence, (target,), number) for number, (sequence, target) in enumerate(together, 1)]
        table, _ = files.open(self.config.data if files.data else self.config.data.model_copy(update={"columns": None}))
        examples = examples_of(table)
        self.notes.reading += table.reading.messages()
        return examples

    def _likelihood(
        self, examples: list[Example], metrics: Sequence[str], resamples: int, on_done: Callable[[int], None] | None
    ) -> dict[str, Any]:
        """Bits for each character of the pieces, the state carried through each of them."""
        if list(metrics) != [BITS]:
            what = f"A model of running text writes no answers to measure {', '.join(metrics)} of."
            raise Mistake(what, f"Its only metric is {BITS}.")
        texts = [example.references[0] for example in examples]
        before = (example.source for example in examples if isinstance(example.source, str))
        sources, targets = self._ids(before), self._ids(texts)
        for target in targets:
            self.notes.add_unseen(target)
        found = log_likelihoods(self.stepper, sources, targets, on_done)
        return evaluate_likelihoods(found, np.array([len(text) for text in texts]), resamples=resamples)

    def _decoding(self, wanted: dict[str, Any]) -> DecodingConfig:
        given = {name: value for name, value in wanted.items() if value is not None}
        if given.get("sample"):
            given = {"beam": 1} | given
        return validated(DecodingConfig, self.config.decoding.model_dump() | given, "decoding")

    def _read(self, lines: list[str | Array]) -> list[Source]:
        """Whole texts as ids, or as documents where the model reads those; real values on the scale of training."""
        reader = self.source_tokenizer
        if isinstance(reader, RealReader):
            return [reader.scaled(line) for line in lines]
        texts = [read_as_text(line) for line in lines]
        if form_of(self.config.model).documents:
            return [*read_documents(self.source_tokenizer, texts, self.config.data.max_sentence)]
        return [*self._ids(texts)]

    def _ids(self, texts: Iterable[str]) -> list[Array]:
        return [np.array(self.source_tokenizer.encode(text), dtype=np.int64) for text in texts]

    def _shortened(self, source: Source) -> Source:
        """At most `max_source` items: the first ones, and of running text the last."""
        most = self.config.data.max_source
        return source[-most:] if self.continues and not isinstance(source, Document) else shortened(source, most)

    def _prediction(self, text: str | Array, source: Source, found: list[Hypothesis]) -> Prediction:
        kept = self._shortened(source)
        ids, sentences = (kept.ids, kept.sentences.tolist()) if isinstance(kept, Document) else (kept, None)
        self.notes.add(source.ids if isinstance(source, Document) else source)
        answers = [self._answer(hypothesis) for hypothesis in found]
        if not isinstance(text, str):
            text, ids = "", np.arange(len(kept))
        return Prediction(text, self.source_tokenizer.tokens(ids.tolist()), answers, sentences)

    def _answer(self, hypothesis: Hypothesis) -> Answer:
        tokens = self.target_tokenizer.tokens(hypothesis.items)
        text = self.target_tokenizer.decode(hypothesis.items)
        return Answer(text, round(hypothesis.score, 6), tokens, hypothesis.attention)


def read_as_text(line: str | Array) -> str:
    """The line itself, where it is text."""
    if isinstance(line, str):
        return line
    raise Mistake(f"The model reads text, and got an array of shape {line.shape}.", "Give it a list of texts.")


def load(path: str | Path, device: str = "auto", engine: EngineName = "auto") -> Model:
    """Load a folder that `train` or `export` wrote; a missing, truncated or foreign file is a `Mistake` that names it.

    device: auto, cpu or cuda
    engine: torch, onnx, or auto: ONNX Runtime for an exported folder, and for a trained one with a current export of
            its own in `onnx/` unless a GPU is asked for; otherwise PyTorch
    """
    folder = Path(path)
    config, facts = disk.read_run(folder)
    tokenizers = disk.read_tokenizers(folder)
    if facts.sizes != sizes_of(*tokenizers):
        raise Mistake(
            f"The tokenizers in {folder} are not those of its model.", "Were two folders mixed? Copy it again."
        )
    opened = open_engine(Trained(folder, config, facts, tokenizers), device, engine)
    return Model(config, facts, tokenizers, opened.stepper, opened.reason)
