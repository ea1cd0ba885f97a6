"""From folders that `train` or `export` wrote to a predictor; several folders are an ensemble."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from pathlib import Path

from unspool import folder as disk
from unspool.answers.confidence import Confidence
from unspool.answers.lexicon import Lexicon, read_lexicon
from unspool.decoding.ensemble import Ensemble
from unspool.engines import EngineName, TrainedFolder, open_engine
from unspool.errors import Mistake
from unspool.fields.differences import difference
from unspool.named_models import find_model
from unspool.ngrams.joint import JointNgram
from unspool.ngrams.joint_file import read_joint_ngram
from unspool.predictor import Predictor
from unspool.runtime.manifest import usable_model
from unspool.tasks import read_fields, sizes_of
from unspool.text.surrogates import holds_surrogates


def load_predictor(folders: Sequence[Path], device: str = "auto", engine: EngineName = "auto") -> Predictor:
    """A folder's model, or the ensemble of several; see `unspool.load`."""
    if not folders:
        raise Mistake("No model was given.", "Give a folder that 'unspool train' wrote, or several.")
    folders = [find_model(folder) for folder in folders]
    first, *others = members = [_load(folder, device, engine) for folder in folders]
    if not others:
        return first
    for folder, other in zip(folders[1:], others, strict=True):
        _refuse_unlike(folders[0], first, folder, other)
    stepper = Ensemble([member.stepper for member in members])
    engines = "\n".join(member.engine for member in members)
    joint = next((member.joint for member in members if member.joint is not None), None)
    parts = first.config, first.metadata, first.fields, stepper, engines
    return Predictor(*parts, _joined(members), joint=joint)


def _load(given: Path, device: str, engine: EngineName) -> Predictor:
    folder = usable_model(given)
    if holds_surrogates(str(folder)):  # bytes that are not UTF-8, which the libraries of weights and graphs cannot open
        raise Mistake(f"The name {str(folder)!a} is not UTF-8.", "Rename the folder.")
    config, metadata = disk.read_run(folder)
    fields = read_fields(folder, config)
    if metadata.sizes != sizes_of(fields.dimensions):
        raise Mistake(
            f"The tokenizers in {folder} are not those of its model.", "Were two folders mixed? Copy it again."
        )
    opened = open_engine(TrainedFolder(folder, config, metadata, fields), device, engine)
    parts = config, metadata, fields, opened.stepper, opened.reason
    return Predictor(*parts, read_lexicon(given, fields), _confidence(folder), _joint_ngram(folder))


def _joined(members: Sequence[Predictor]) -> Lexicon | None:
    """The lexicons of an ensemble as one: that of an earlier member counts where both know a source."""
    lexicons = [member.lexicon for member in members if member.lexicon is not None]
    return reduce(lambda first, other: other.after(first), lexicons) if lexicons else None


def _confidence(folder: Path) -> Confidence | None:
    """What the folder says of the confidence of its answers; older folders, and those of forecasters, say nothing."""
    found = disk.read_calibration(folder, "confidence")
    return None if found is None else Confidence.from_json(found, str(folder / disk.CALIBRATION))


def _joint_ngram(folder: Path) -> JointNgram | None:
    path = folder / disk.JOINT_NGRAM
    return read_joint_ngram(path) if path.exists() else None


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
