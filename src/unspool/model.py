"""A trained model for the user: load it, predict, score, evaluate.

model = unspool.load("runs/g2p")
model.predict(["hello"], beam=5)[0].text
model.evaluate("dev.tsv")["exact_match"]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from unspool import folder as disk
from unspool.answers import Prediction, Score
from unspool.data.columns import FIRST_TWO, Columns, parse_columns
from unspool.data.corpus import Example
from unspool.data.examples import ReadExamples, ReadPairs, read_examples, read_pairs
from unspool.data.inputs import Files
from unspool.decoding.ensemble import Ensemble
from unspool.engines import EngineName, TrainedFolder, open_engine
from unspool.errors import Mistake
from unspool.evaluator import Evaluated, Evaluator
from unspool.fields.differences import difference
from unspool.fields.field import Raw
from unspool.predictor import OnDone, Predictor
from unspool.tasks import read_fields, sizes_of


class Model:
    """A trained model; made by `load`. It stores nothing about the sources that it answers."""

    def __init__(self, predictor: Predictor) -> None:
        self.predictor = predictor
        self.config, self.metadata, self.fields = predictor.config, predictor.metadata, predictor.fields

    @property
    def engine(self) -> str:
        """A sentence that tells which engine runs the model and why."""
        return self.predictor.engine

    @property
    def columns(self) -> Columns | None:
        """The columns of a table that the model reads; None if it was trained on parallel text."""
        if self.config.data.columns:
            return parse_columns(self.config.data.columns)
        return FIRST_TWO if self.metadata.files["data"] else None

    def predict(self, sources: Iterable[Raw], **options: Any) -> list[Prediction]:
        """Answer each source; options as in `Predictor.predict`, such as `beam=5`."""
        return self.predictor.predict(sources, **options)

    def score(self, pairs: Iterable[tuple[Raw, Raw]], *, on_done: OnDone | None = None) -> list[Score]:
        """How likely the model finds each target given its source; see `Predictor.score`."""
        return self.predictor.score(pairs, on_done=on_done)

    def evaluate(self, data: str | Path | Sequence[Example], **options: Any) -> dict[str, Any]:
        """Metrics with 95 % intervals, as `evaluate --json` writes them; rates in percent.

        data: a file of the form that the model was trained on, or examples; options as in `Evaluator.evaluate`
        """
        examples = self.examples(Files((Path(data),))).examples if isinstance(data, str | Path) else list(data)
        return self.measure(examples, **options).to_json()

    def measure(self, examples: Sequence[Example], **options: Any) -> Evaluated:
        """The same with the outcome of each example, and notes on how it was read."""
        return Evaluator(self.predictor).evaluate(examples, **options)

    def examples(self, files: Files) -> ReadExamples:
        """Sources with all their references, read with the columns of training; for running text, its pieces."""
        return read_examples(files, self.fields.source.container, self.config.data)

    def pairs(self, files: Files) -> ReadPairs:
        """Sources with one target each, in the order of the files, read with the columns of training."""
        return read_pairs(files, self.fields.source.container, self.config.data)


def load(path: str | Path | Sequence[str | Path], device: str = "auto", engine: EngineName = "auto") -> Model:
    """Load a folder that `train` or `export` wrote; a missing, truncated or wrong file is a `Mistake` that names it.

    Several folders form an ensemble: at every step their probabilities are averaged. They may hold different models
    and use different engines, but they must have the same tokenizers. Settings that are not given are the first one's.

    device: auto, cpu or cuda
    engine: torch, onnx or auto. auto is ONNX Runtime for an exported folder, and for a trained folder with a current
            export in `onnx/` unless a GPU is requested; otherwise PyTorch
    """
    folders = [Path(path)] if isinstance(path, str | Path) else [Path(one) for one in path]
    if not folders:
        raise Mistake("No model was given.", "Give a folder that 'unspool train' wrote, or several.")
    first, *others = members = [_load(folder, device, engine) for folder in folders]
    if not others:
        return Model(first)
    for folder, other in zip(folders[1:], others, strict=True):
        _refuse_unlike(folders[0], first, folder, other)
    stepper = Ensemble([member.stepper for member in members])
    engines = "\n".join(member.engine for member in members)
    return Model(Predictor(first.config, first.metadata, first.fields, stepper, engines))


def _load(folder: Path, device: str, engine: EngineName) -> Predictor:
    config, metadata = disk.read_run(folder)
    fields = read_fields(folder, config)
    if metadata.sizes != sizes_of(fields.dimensions):
        raise Mistake(
            f"The tokenizers in {folder} are not those of its model.", "Were two folders mixed? Copy it again."
        )
    opened = open_engine(TrainedFolder(folder, config, metadata, fields), device, engine)
    return Predictor(config, metadata, fields, opened.stepper, opened.reason)


def _refuse_unlike(first: Path, one: Predictor, second: Path, other: Predictor) -> None:
    """Refuse an ensemble of models that do not have the same task and the same vocabularies."""
    remedy = "Models of an ensemble need the same data and tokenizers, or one is trained --from another."
    if one.fields.task != other.fields.task:
        names = [model.config.model.name + " that copies" * model.config.model.copies for model in (one, other)]
        models = f"{first} holds a {names[0]} and {second} a {names[1]}"
        raise Mistake(f"{models}, which have different kinds of source or target.", remedy)
    for side, mine, theirs in zip(("source", "target"), one.fields, other.fields, strict=True):
        if unlike := difference(mine, theirs):
            raise Mistake(f"{first} and {second} have different {side} vocabularies: {unlike}.", remedy)
