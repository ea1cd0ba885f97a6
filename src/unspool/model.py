"""A trained model for the user: load it, predict, score, evaluate.

model = unspool.load("runs/g2p")
model.predict(["hello"], beam=5)[0].text
model.evaluate("dev.tsv")["exact_match"]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unspool import folder as disk
from unspool.answers.answer import Prediction, Score
from unspool.answers.confidence import ENOUGH
from unspool.answers.permitted import Allow, Permitted
from unspool.answers.traces import Trace
from unspool.arguments import in_python, path_of, paths_of, text_of
from unspool.config import DecodingConfig
from unspool.data.columns import Columns
from unspool.data.corpus import Example
from unspool.data.examples import ReadExamples, ReadPairs, read_examples, read_pairs
from unspool.data.fingerprint import is_training_data
from unspool.data.hub import download_test
from unspool.data.inputs import Files
from unspool.data.memory import PAIR, cells, examples_of_pairs, is_in_memory, pairs_of, sources_of
from unspool.data.read_once import read_once
from unspool.data.reading import Reading, reading_as
from unspool.data.spool import spooled
from unspool.engines import EngineName
from unspool.errors import Mistake
from unspool.evaluator import Evaluated, Evaluator
from unspool.fields.field import Decoded, Raw
from unspool.loading import load_predictor
from unspool.measured import Measured
from unspool.named_models import find_model
from unspool.plural import counted
from unspool.predictor import OnDone, Predictor
from unspool.reranking import WEIGHT, Reranker
from unspool.runtime.manifest import holds_an_export, usable_model
from unspool.screens.console import counting, say

if TYPE_CHECKING:
    from unspool.explain.influence import Method
    from unspool.explain.influence_files import ExplainedAnswer
    from unspool.export.onnx import Exported

# Sources whose answers may take so long that progress is shown.
MANY = 100


class Model:
    """A trained model; made by `load`. It stores nothing about the sources that it answers.

    folders: where it was loaded from; several are an ensemble
    """

    def __init__(self, predictor: Predictor, folders: Sequence[Path] = ()) -> None:
        self.predictor, self.folders = predictor, list(folders)
        self.config, self.metadata, self.fields = predictor.config, predictor.metadata, predictor.fields

    @property
    def engine(self) -> str:
        """A sentence that tells which engine runs the model and why."""
        return self.predictor.engine

    def reading(self, given: Mapping[str, str | None], *, typed: bool = False) -> Reading:
        """How a table is read: as that of training, changed by what is given; see `reading_as`."""
        known = Columns.named(self.metadata.columns) if self.metadata.columns else None
        reading = reading_as(self.config.data, known, given, typed=typed)
        # After training on parallel or running text, a line has no columns.
        of_table = self.fields.source.container == "table" and self.metadata.files["data"]
        return replace(reading, whole_lines=not of_table and not given.get("columns"))

    def predict(self, sources: Iterable[Raw], **options: Any) -> list[Prediction]:
        """Answer each source; options as in `Predictor.predict`, such as `beam=5`.

        sources: a list or a Series of texts, or of arrays `[S, F]`; a missing value is an empty source
        rerank:  a `Reranker`, or a model from answers to sources: what it says of them, times `rerank_weight`, counts
        """
        given = sources_of(sources)
        if (rerank := _reranker(options)) is not None:
            return self._reranked(given, rerank, options)
        if not isinstance(options.get("allow"), Permitted):
            options["allow"] = self.permitted(options.get("allow"), options.pop("pattern", None))
            self._say_left_out(options)
        if len(given) < MANY or "on_done" in options:
            return self.predictor.predict(given, **options)
        with counting(len(given), "answering") as count:
            return self.predictor.predict(given, on_done=count, **options)

    def _reranked(self, sources: Sequence[Raw], rerank: Reranker, options: dict[str, Any]) -> list[Prediction]:
        rerank.check(self.predictor)
        own = {name: options.pop(name) for name in [*options] if name in DecodingConfig.model_fields}
        settings, most = rerank.candidates(self.predictor, own)
        return rerank.order(sources, self.predict(sources, **options, **settings), most)

    def permitted(self, allow: Allow | None = None, pattern: str | None = None) -> Permitted | None:
        """Permitted answers, made once for many calls: `predict(…, allow=permitted)`; see `Predictor.predict`."""
        return self.predictor.permitted(allow, pattern)

    def longest_answer(self, max_length: int | None = None) -> int:
        """The most symbols of an answer, EOS included: as given, or as in the settings of the model."""
        return self.predictor.decoding({"max_length": max_length}).max_length

    def _say_left_out(self, options: Mapping[str, Any]) -> None:
        for message in (
            options["allow"].messages(self.longest_answer(options.get("max_length"))) if options["allow"] else ()
        ):
            say(in_python(message))

    def trace(self, source: Raw, **options: Any) -> Trace:
        """Answer one source, and tell everything that its search kept in each step; see `Predictor.trace`."""
        return self.predictor.trace(source, **options)

    def stream(self, pieces: Iterable[Raw]) -> Iterator[Decoded]:
        """Answers to one endless source, piece by piece; see `Predictor.stream`."""
        return self.predictor.stream(pieces)

    def score(self, pairs: Iterable[tuple[Raw, Raw]], *, on_done: OnDone | None = None) -> list[Score]:
        """How likely the model finds each target given its source; see `Predictor.score`."""
        if isinstance(pairs, Sequence) and not pairs:
            return []
        given = pairs_of(pairs)
        if given is None:
            raise Mistake("score needs pairs of source and target.", "Give a list of pairs: [(source, target), …]")
        if not given:
            return []
        sources, targets = (
            cells(side, name.capitalize()) for side, name in zip(zip(*given, strict=True), PAIR, strict=True)
        )
        return self.predictor.score(zip(sources, targets, strict=True), on_done=on_done)

    def evaluate(self, data: Any, **options: Any) -> Measured:
        """Metrics with 95 % intervals, as `evaluate --json` writes them; rates in percent.

        data: a file of the form that the model was trained on, or several; pairs, a dict of columns, a list of dicts
              or a data frame; or examples that `examples` has read. Options as in `Evaluator.evaluate`
        """
        read = self.read(data)
        with counting(len(read.examples), "evaluating") as count:
            evaluated = self.measure(read.examples, **({"on_done": count} | options))
        return Measured(evaluated, read.messages, self.fields, read.examples)

    def read(self, data: Any) -> ReadExamples:
        """Examples from whatever `evaluate` takes."""
        if isinstance(data, list | tuple) and all(isinstance(one, Example) for one in data):
            return ReadExamples(list(data), [])
        with spooled() as spool:
            pairs = pairs_of(data) if is_in_memory(data) else None
            files = Files(spool.paths(data, "evaluation"))
            read = self.examples(files) if pairs is None else examples_of_pairs(pairs)
            messages = [spool.spoken(message) for message in read.messages]
            return ReadExamples(read.examples, messages + self.familiar(files))

    def familiar(self, files: Files) -> list[str]:
        """A message if these files are what the model was trained on, also if they were copied or moved."""
        known = Files.from_json(self.metadata.files, *self.folders[:1])
        if not is_training_data(files, known, self.metadata.fingerprint):
            return []
        name = "+".join(map(str, self.folders))
        return [f"{name} was trained on this very data: these figures do not tell how good it is on anything new."]

    def calibrate(self, data: Any, **options: Any) -> Model:
        """Measure on held-out data how sure its answers may be, keep that in the folder, and return the model with it.

        data, options: as in `evaluate`, such as the `beam` with which it will answer
        """
        return self.keep_confidence(self.measure(self.read(data).examples, **options))

    def keep_confidence(self, evaluated: Evaluated) -> Model:
        """The same with an evaluation that was made."""
        folder = self.changeable_folder()
        if (confidence := evaluated.calibrate()) is None:
            what = f"There are too few answers to calibrate a confidence: it needs at least {ENOUGH}, right or wrong."
            raise Mistake(
                what, "Give a file with more sources. Real values, ink and running text have no right answer."
            )
        disk.write_calibration(folder, "confidence", confidence.to_json())
        same = self.predictor
        parts = same.config, same.metadata, same.fields, same.stepper, same.engine, same.lexicon
        return Model(Predictor(*parts, confidence, same.joint), self.folders)

    def changeable_folder(self) -> Path:
        """The folder in which a calibration is kept; exports and ensembles have none."""
        folder = self._folder("An ensemble has no confidence.", "Calibrate each of its models.")
        if holds_an_export(folder):
            what = f"{folder} is an exported folder, and is not changed."
            raise Mistake(what, "Calibrate the trained folder, and export it again.")
        return usable_model(folder)

    def measure(self, examples: Sequence[Example], **options: Any) -> Evaluated:
        """The same with the outcome of each example, and notes on how it was read."""
        return Evaluator(self.predictor).evaluate(examples, **options)

    @read_once()
    def examples(self, files: Files, **given: str | None) -> ReadExamples:
        """Sources with all their references; for running text, its pieces. given: as in `reading`."""
        messages: list[str] = []
        files = download_test(files, messages.append)
        read = read_examples(files, self.fields, self._reading_of(files, given))
        return read._replace(messages=messages + read.messages)

    def explain(self, sources: Iterable[Raw], out: str | Path) -> list[str]:
        """Answer each source, and write the attention of the answers to a file: .html, .png (one source) or .json.

        Returns messages about the file and the sources.
        """
        from unspool.explain.files import write_explanation

        return write_explanation(self.predict(sources, lexicon=False), path_of(out, "out"), self.predictor)

    def influence(
        self, source: Raw, answer: str | None = None, *, by: Method = "occlusion", instead: str | None = None
    ) -> ExplainedAnswer:
        """How much each symbol of a source, and of the answer before, influences each symbol of the answer.

        answer:  default: the model's own
        by:      `occlusion`, `gradient`, `gradient_input` or `integrated`, see `explain.influence`
        instead: explain why the answer was written and not this one, at the first symbol that differs
        """
        from unspool.explain.influence_files import explain_answer

        return explain_answer(self.predictor, source, answer, by, instead)

    def export(self, out: str | Path | None = None, **options: Any) -> Exported:
        """Export to files that run without PyTorch; options as in `export.onnx.export`: `quantize`, `overwrite`.

        out: default: `onnx` inside the model's folder, where `load` finds it
        """
        from unspool.export.onnx import export, stages

        folder = self._folder("An ensemble cannot be exported.", "Export each of its models.")
        with counting(len(stages(options.get("quantize"))), "exporting") as count:
            return export(folder, out, **({"on_stage": lambda stage: count(1)} | options))

    @read_once()
    def pairs(self, files: Files, **given: str | None) -> ReadPairs:
        """Sources with one target each, in the order of the files. given: as in `reading`."""
        messages: list[str] = []
        files = download_test(files, messages.append)
        read = read_pairs(files, self.fields, self._reading_of(files, given))
        return read._replace(messages=messages + read.messages)

    def _reading_of(self, files: Files, given: dict[str, str | None]) -> Reading:
        """Parallel files have no columns, so those of training do not count."""
        reading = self.reading(given)
        return replace(reading, columns=None) if files.aligned and not given.get("columns") else reading

    def __repr__(self) -> str:
        """What it is, what it was trained on, and where it is."""
        trained = counted(self.metadata.pairs, *self.fields.target.noun)
        where = ", ".join(map(str, self.folders))
        return f"<{self.config.model.name} trained on {trained}, in {where}: {self.engine}>"

    def _folder(self, what: str, remedy: str) -> Path:
        if len(self.folders) != 1:
            raise Mistake(what, remedy)
        return self.folders[0]


def _reranker(options: dict[str, Any]) -> Reranker | None:
    """The reranker among the options of `predict`, which are without it afterwards."""
    rerank, weight = options.pop("rerank", None), options.pop("rerank_weight", WEIGHT)
    return Reranker(rerank.predictor, weight) if isinstance(rerank, Model) else rerank


def load(path: str | Path | Sequence[str | Path], device: str = "auto", engine: EngineName = "auto") -> Model:
    """Load a folder that `train` or `export` wrote; a missing, truncated or wrong file is a `Mistake` that names it.

    Several folders form an ensemble: at every step their probabilities are averaged. They may hold different models
    and use different engines, but they must have the same tokenizers. Settings that are not given are the first one's.
    A path may also be the name of a model that comes with the package, `g2p-en`, or `hub:OWNER/NAME`.

    device: auto, cpu or cuda
    engine: torch, onnx or auto. auto is ONNX Runtime for an exported folder, and for a trained folder with a current
            export in `onnx/` unless a GPU is requested; otherwise PyTorch
    """
    folders = [find_model(folder) for folder in paths_of(path, "path")]
    predictor = load_predictor(folders, text_of(device, "device"), engine)
    for message in predictor.lexicon.messages if predictor.lexicon is not None else ():
        say(message)
    return Model(predictor, folders)
