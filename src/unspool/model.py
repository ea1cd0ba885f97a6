"""A trained model for the user: load it, predict, score, evaluate.

model = unspool.load("runs/g2p")
model.predict(["hello"], beam=5)[0].text
model.evaluate("dev.tsv")["exact_match"]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from unspool.answers import Prediction, Score
from unspool.data.columns import FIRST_TWO, Columns, parse_columns
from unspool.data.corpus import Example
from unspool.data.examples import ReadExamples, ReadPairs, read_examples, read_pairs
from unspool.data.inputs import Files
from unspool.engines import EngineName
from unspool.evaluator import Evaluated, Evaluator
from unspool.fields.field import Raw
from unspool.loading import load_predictor
from unspool.predictor import OnDone, Predictor


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
    return Model(load_predictor(folders, device, engine), folders)
