"""The configuration of a whole run, validated once."""

from __future__ import annotations

import reprlib
from typing import Any, TypeVar, get_args

from pydantic import Field, ValidationError

from unspool.config.chat import ChatConfig
from unspool.config.data import DataConfig
from unspool.config.decoding import DecodingConfig
from unspool.config.model_families import AnyModelSettings, AttentionSettings
from unspool.config.models import LuongSettings, ModelSettings
from unspool.config.series import SeriesConfig
from unspool.config.settings import Settings
from unspool.config.training import TrainingConfig
from unspool.config.words import our_metric, ours
from unspool.errors import Mistake, nearest

S = TypeVar("S", bound=Settings)


class RunConfig(Settings):
    """A whole run: a section each for the model, data, training and decoding, for series and conversations."""

    model: ModelSettings = LuongSettings()
    data: DataConfig = DataConfig()
    training: TrainingConfig = TrainingConfig()
    decoding: DecodingConfig = DecodingConfig()
    series: SeriesConfig = SeriesConfig()
    chat: ChatConfig = ChatConfig()
    seed: int = Field(default=1, ge=0, lt=2**63, description="random seed of parameters, batches and dropout")
    device: str = Field(default="auto", description="auto, cpu or cuda; auto: a GPU if there is one")
    threads: int | None = Field(default=None, ge=1, le=1024, description="processor threads; default: all")


SECTIONS: dict[str, type[Settings]] = {
    "data": DataConfig,
    "training": TrainingConfig,
    "decoding": DecodingConfig,
    "series": SeriesConfig,
    "chat": ChatConfig,
}


def model_settings() -> dict[str, type[AnyModelSettings]]:
    """The class of each model's settings by the model's name."""
    union, _ = get_args(ModelSettings)
    return {kind.model_fields["name"].default: kind for kind in get_args(union)}


def resolve(values: dict[str, Any]) -> RunConfig:
    """A checked run from plain values. `model` may be just a name, or may be left out.

    An unknown key or a wrong value is a `Mistake` that tells what to do.
    """
    model = values.get("model", {})
    if isinstance(model, str):
        model = {"name": model}
    if isinstance(model, dict):
        values = values | {"model": {"name": LuongSettings().name} | model}
    return validated(RunConfig, values, "")


def validated(kind: type[S], values: Any, where: str) -> S:
    """Settings from plain values; a wrong key or value is a `Mistake` that tells what to do.

    >>> validated(DecodingConfig, {"bean": 5}, "decoding")
    Traceback (most recent call last):
    unspool.errors.Mistake: Unknown setting 'decoding.bean'. Did you mean 'beam'? Known: batch_symbols, ...
    """
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        if isinstance(cause := first.get("ctx", {}).get("error"), Mistake):
            raise cause from None
        path = [str(part) for part in first["loc"]]
        if first["type"].startswith("union_tag"):
            name = str(values["model"].get("name")) if isinstance(values["model"], dict) else str(values["model"])
            raise Mistake(f"Unknown model '{name}'.", nearest(name, model_settings())) from None
        raise _mistake(kind, where, first["type"], path, first["msg"], first["input"]) from None


def _mistake(kind: type[Settings], where: str, problem: str, path: list[str], message: str, value: Any) -> Mistake:
    """One validation error as a `Mistake`."""
    section, keys = _section(kind, path[:-1])
    name = ".".join([*([where] if where else []), *keys, *path[-1:]])
    if problem == "extra_forbidden":
        return Mistake(f"Unknown setting '{name}'.", _remedy(section, name))
    if path[-1:] == ["metric"] and (word := our_metric(str(value))):
        return Mistake(f"There is no metric {value!r}.", f"Here it is {word}.")
    what = f"Setting '{name}'" if path or not where else where
    return Mistake(f"{what} cannot be {reprlib.repr(value)}.", f"{message.removeprefix('Value error, ')}.")


def _remedy(section: type[Settings], name: str) -> str:
    """What to do about an unknown setting: where it belongs, what it is called here, or the nearest name."""
    key = name.rpartition(".")[2]
    if found := _right_section(name):
        return found
    if word := ours(key):
        return f"Here it is {word}."
    known = set(section.model_fields)
    if issubclass(section, AnyModelSettings):
        owners = [model for model, kind in model_settings().items() if key in kind.model_fields]
        if owners and key.endswith("size"):
            return f"It belongs to {', '.join(owners)}. Every model understands model.size."
        if owners:
            return f"It belongs to {', '.join(owners)}: choose one with --model."
        known |= {"size"}
    return nearest(key, known)


def _section(kind: type[Settings], path: list[str]) -> tuple[type[Settings], list[str]]:
    """The settings at a path, and the path as users write it, without the name of the model."""
    if path[:1] == ["model"] and kind is RunConfig:
        return (model_settings()[path[1]], ["model", *path[2:]]) if len(path) > 1 else (RunConfig, path)
    return SECTIONS.get(path[0], kind) if path else kind, path


def _right_section(name: str) -> str:
    """A remedy for `section.key` in the wrong section: the sections that have the key; empty if none has it."""
    here, _, key = name.rpartition(".")
    fitting = [section for section in sections_with(key) if section != here]
    whole = " or ".join(f"{section}.{key}" if section else key for section in fitting)
    place = " or ".join(f"below [{section}]" if section else "above all sections" for section in fitting)
    return f"It is {whole}: in a file, '{key}' belongs {place}." if fitting else ""


def sections_with(key: str) -> list[str]:
    """The sections that have a setting of this name; the empty one is the run itself."""
    sections: dict[str, type[Settings]] = {"": RunConfig, "model": AttentionSettings, **SECTIONS}
    return [section for section, settings in sections.items() if key in settings.model_fields]


def place_of(option: str) -> str:
    """The setting that a person may mean by an option such as `--epochs` or `--hidden-size`; empty if there is none."""
    key = option.strip("-").replace("-", "_")
    places = [f"{section}.{key}" if section else key for section in sections_with(key)]
    return " or ".join(places) or ours(key)
