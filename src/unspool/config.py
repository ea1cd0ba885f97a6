"""Every setting and its default, written once.

A run is one `RunConfig`. A configuration file (TOML) and `--set section.key=value` pass through the same validation;
an unknown key names the nearest known one. A model's own settings stand in its file, as a subclass of `Settings`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from unspool.errors import Mistake, nearest

S = TypeVar("S", bound="Settings")

CellName = Literal["rnn", "rnn_sigmoid", "lstm", "lstm_peepholes", "gru", "gru_reset_before"]


class Settings(BaseModel):
    """Typed, validated, frozen."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, protected_namespaces=())


class DataConfig(Settings):
    """What is read, and how text becomes ids."""

    columns: str | None = Field(default=None, description="which columns, as in 'source=1:chars+2:tags,target=3:chars'")
    source_tokenizer: str = Field(default="auto", description="auto, chars, words, tags, bpe, unigram, bytes or jamo")
    target_tokenizer: str = Field(default="auto", description="the same, for what is written")
    shared_vocabulary: bool = Field(default=False, description="one tokenizer, learned from both sides")
    source_vectors: str | None = Field(
        default=None, description="file of word vectors (word2vec, GloVe, fastText .vec; also .gz, .zst) to start from"
    )
    target_vectors: str | None = Field(default=None, description="the same, for what is written")
    subword_size: int = Field(default=8000, ge=300, description="symbols of a bpe or unigram vocabulary")
    min_count: int = Field(default=1, ge=1, description="rarer symbols of chars and words become <unk>")
    max_line: int = Field(default=20_000, ge=1, description="characters; a longer line is refused")
    max_source: int = Field(default=1000, ge=1, description="symbols; a longer source is cut, and said")
    max_target: int = Field(default=1000, ge=1, description="symbols; a longer target is cut, and said")
    max_sentence: int = Field(
        default=40, ge=1, description="symbols; where a model reads sentences, a longer one becomes several"
    )
    window: int = Field(default=256, ge=1, description="symbols of running text that are learned in one go")
    held_out: float = Field(
        default=0.05, gt=0, lt=1, description="share of sources, or of running text, held out when no --valid is given"
    )
    held_out_most: int = Field(default=2000, ge=1, description="and at most so many sources")


class TrainingConfig(Settings):
    """How weights are learned."""

    batch_symbols: int = Field(
        default=4096, ge=1, description="of source and target together, padding included; less where data is small"
    )
    accumulate: int = Field(default=1, ge=1, description="batches summed into one update")
    epochs: int | None = Field(
        default=None,
        ge=1,
        description="passes over the data, at most; where nothing limits the run 40, or as many as make 2,000 updates",
    )
    max_updates: int | None = Field(default=None, ge=1, description="updates, at most")
    max_minutes: float | None = Field(default=None, gt=0, description="minutes; the schedule fits itself to them")
    optimizer: Literal["adamw", "adam", "muon"] = Field(
        default="adamw", description="muon: orthogonal steps for matrices inside the network, adamw for the rest"
    )
    learning_rate: float = Field(default=1e-3, gt=0, allow_inf_nan=False)
    embedding_rate: float | None = Field(
        default=None,
        gt=0,
        allow_inf_nan=False,
        description="times the learning rate, for embeddings; where not given the root of their width, but 1 of a "
        "transformer's, which are scaled, and where word vectors are given",
    )
    weight_decay: float = Field(default=0.01, ge=0, description="of matrices alone; adam: none")
    beta1: float = Field(default=0.9, ge=0, lt=1)
    beta2: float = Field(default=0.99, ge=0, lt=1)
    schedule: Literal["cosine", "inverse_sqrt", "plateau", "constant"] = "cosine"
    warmup_updates: int = Field(default=200, ge=0)
    plateau_patience: int = Field(
        default=2, ge=0, description="validations without a better metric before the rate falls"
    )
    plateau_factor: float = Field(default=0.5, gt=0, lt=1)
    final_rate: float = Field(default=0.02, ge=0, le=1, description="share of the learning rate at the end of cosine")
    clip_norm: float = Field(default=1.0, ge=0, description="0: no clipping")
    label_smoothing: float = Field(default=0.1, ge=0, lt=1)
    coverage_loss: float = Field(
        default=0.0,
        ge=0,
        allow_inf_nan=False,
        description="weight of Σ min(attention, attention so far): looking twice",
    )
    averaging: float = Field(default=0.999, ge=0, lt=1, description="decay of the running mean of the weights; 0: none")
    feeding: Literal["teacher", "scheduled", "free"] = Field(
        default="teacher", description="the decoder is fed the truth, at times its own choice, or its own choices alone"
    )
    teacher_until: int = Field(default=0, ge=0, description="updates fed nothing but the truth before that begins")
    decay: Literal["linear", "exponential", "inverse_sigmoid"] = Field(
        default="linear", description="how the truth grows rarer where feeding is scheduled"
    )
    decay_constant: float | None = Field(
        default=None, gt=0, allow_inf_nan=False, description="k of its formula; 1, 0.999 and 300 where not given"
    )
    decay_slope: float = Field(default=2.5e-4, gt=0, allow_inf_nan=False, description="linear: how much an update")
    decay_least: float = Field(default=0.25, ge=0, lt=1, description="linear: the truth grows no rarer than this")
    choice: Literal["best", "drawn"] = Field(default="best", description="what the decoder feeds itself")
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    validate_every: int | None = Field(default=None, ge=1, description="updates; about once an epoch where not given")
    metric: Literal["auto", "exact_match", "symbol_error_rate", "bleu", "chrf", "accuracy", "macro_f1"] = Field(
        default="auto", description="free-running, on the validation data; decides the best weights and early stopping"
    )
    patience: int = Field(default=10, ge=1, description="validations without a better metric before training stops")
    validate_most: int = Field(default=2000, ge=1, description="sources decoded at each validation")
    checkpoint_minutes: float = Field(default=5.0, ge=0, description="minutes between checkpoints inside an epoch")

    @model_validator(mode="after")
    def _something_follows_the_teacher(self) -> TrainingConfig:
        if self.teacher_until and self.feeding == "teacher":
            what = f"training.teacher_until={self.teacher_until} ends teacher forcing, and nothing follows it."
            raise Mistake(what, "Say what follows: --set training.feeding=free, or scheduled.")
        return self

    @model_validator(mode="after")
    def _decay_falls(self) -> TrainingConfig:
        k = self.decay_constant
        if k is None:
            return self
        fits, rule = {
            "linear": (k <= 1, "at most 1"),
            "exponential": (k < 1, "below 1"),
            "inverse_sigmoid": (k >= 1, "at least 1"),
        }[self.decay]
        if not fits:
            what = f"training.decay_constant={k:g} makes no {self.decay.replace('_', ' ')} decay of a probability."
            raise Mistake(what, f"It must be {rule} (Bengio et al. 2015, section 2.4).")
        return self


class DecodingConfig(Settings):
    """How answers are chosen."""

    beam: int = Field(default=1, ge=1, description="hypotheses kept; 1 is greedy")
    n_best: int = Field(default=1, ge=1, description="hypotheses returned; at most the beam, any number of samples")
    length_penalty: float = Field(
        default=0.6, ge=0, description="alpha of ((5 + length) / 6)^alpha, EOS counted; 0: none"
    )
    coverage_penalty: float = Field(
        default=0.0,
        ge=0,
        allow_inf_nan=False,
        description="beta of GNMT's: a beam prefers answers whose attention left nothing out; 0: none",
    )
    max_length: int = Field(default=200, ge=1, description="symbols written at most, EOS counted")
    batch_symbols: int = Field(default=4096, ge=1, description="source symbols decoded together")
    sample: bool = Field(default=False, description="draw the answers instead of searching for the best")
    temperature: float = Field(
        default=1.0,
        gt=0,
        allow_inf_nan=False,
        description="of sampling; below 1 bolder for the likely, above 1 flatter",
    )
    top_k: int | None = Field(
        default=None, ge=1, description="sample among the k likeliest continuations; default: all"
    )
    top_p: float = Field(default=1.0, gt=0, le=1, description="and among the likeliest whose probability reaches this")
    seed: int = Field(default=1, ge=0, lt=2**63, description="of the draws")

    @model_validator(mode="after")
    def _sampling_or_beam(self) -> DecodingConfig:
        if self.sample and self.beam > 1:
            what = f"A beam of {self.beam} and sampling exclude each other: a beam keeps the best, it draws nothing."
            raise Mistake(what, "Leave one out; --n-best says how many samples each line gets.")
        for name, unused in (("temperature", 1.0), ("top_k", None), ("top_p", 1.0)):
            if not self.sample and getattr(self, name) != unused:
                flag = f"--{name.replace('_', '-')}"
                raise Mistake(f"{flag} is of sampling, and nothing is sampled.", f"Add --sample, or leave out {flag}.")
        return self

    @model_validator(mode="after")
    def _enough_places(self) -> DecodingConfig:
        if self.n_best > self.beam and not self.sample:
            what = f"{self.n_best} answers cannot come out of a beam of {self.beam}: it holds one in each place."
            raise Mistake(what, f"Widen it: --beam {self.n_best}, or decoding.beam={self.n_best} in the settings.")
        return self


class RecurrentSettings(Settings):
    """What every recurrent network can be told of its dropout."""

    embedding_dropout: float | None = Field(
        default=None, ge=0, lt=1, description="on embedded symbols; as `dropout` where not given; to 1/256"
    )
    locked_dropout: bool = Field(default=False, description="all steps of a sequence lose the same elements")
    recurrent_dropout: float = Field(
        default=0.0, ge=0, lt=1, description="on the recurrent weights, the same at all steps of a sequence; to 1/256"
    )


class EncoderSettings(RecurrentSettings):
    """What every recurrent encoder can be told; a model's own settings come on top, in its file."""

    embedding_size: int = Field(default=256, ge=1)
    encoder_cell: CellName = "lstm"
    encoder_size: int = Field(default=512, ge=2, description="width of its output, both directions together")
    encoder_layers: int = Field(default=1, ge=1)
    residual: bool = Field(default=False, description="from the second layer on, add its input to its output")
    layer_norm: bool = Field(default=False, description="normalise behind each layer")
    dropout: float = Field(
        default=0.2, ge=0, lt=1, description="on embeddings, between layers and before the output; to 1/256"
    )


class TyingSettings(Settings):
    """What may share its weights in a model that reads and writes symbols."""

    tie_embeddings: bool = Field(default=False, description="both sides have one vocabulary, and one table embeds it")
    tie_output: bool = Field(default=False, description="the output layer's weight is the target embedding's table")


class EncoderDecoderSettings(EncoderSettings, TyingSettings):
    """The same for every recurrent encoder-decoder."""

    decoder_cell: CellName = "lstm"
    decoder_size: int = Field(default=512, ge=1)
    decoder_layers: int = Field(default=1, ge=1)


class AttendingSettings(EncoderDecoderSettings):
    """The same for those whose attention can remember and point (See, Liu, Manning 2017, arXiv:1704.04368)."""

    coverage: bool = Field(default=False, description="attention knows where it has looked before; slower")
    copying: bool = Field(default=False, description="symbols of the source may be written as they stand there")


class RunConfig(Settings):
    """A whole run: `model` names an entry of the registry, `settings` are its own."""

    model: str = "luong"
    settings: dict[str, Any] = Field(default_factory=dict)
    data: DataConfig = DataConfig()
    training: TrainingConfig = TrainingConfig()
    decoding: DecodingConfig = DecodingConfig()
    seed: int = Field(default=1, ge=0, lt=2**63)
    device: str = "auto"
    threads: int | None = Field(default=None, ge=1, le=1024, description="processor threads; default: all")


def validated(kind: type[S], values: Any, where: str) -> S:
    """Build settings from plain values; a wrong key or value is a `Mistake` that names the way out.

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
        raise _mistake(
            kind, where, first["type"], [str(part) for part in first["loc"]], first["msg"], first["input"]
        ) from None


def _put(values: dict[str, Any], key: str, value: Any) -> None:
    """Set `section.key` in nested values; a bare `model` is its name."""
    *sections, name = key.split(".")
    for section in sections:
        inner = values.setdefault(section, {})
        if section == "model" and isinstance(inner, str):
            inner = values[section] = {"name": inner}
        if not isinstance(inner, dict):
            raise Mistake(
                f"'{section}' is a single setting, so there is no '{key}'.", nearest(key, RunConfig.model_fields)
            )
        values = inner
    values[name] = value


def _mistake(kind: type[Settings], where: str, problem: str, path: list[str], message: str, value: Any) -> Mistake:
    """One validation error as two lines for a person."""
    name = ".".join([where, *path] if where else path)
    if problem == "extra_forbidden":
        known = _section(kind, path[:-1]).model_fields
        return Mistake(f"Unknown setting '{name}'.", _home(name) or nearest(path[-1], known))
    return Mistake(f"Setting '{name}' cannot be {value!r}.", f"{message}.")


def _home(name: str) -> str:
    """A remedy for `section.key` in the wrong section: the sections that know the key; empty where none does."""
    here, _, key = name.rpartition(".")
    rooms: dict[str, type[Settings]] = {"": RunConfig, "model": AttendingSettings}
    rooms |= {"data": DataConfig, "training": TrainingConfig, "decoding": DecodingConfig}
    homes = [room for room, settings in rooms.items() if key in settings.model_fields and room != here]
    whole = " or ".join(f"{room}.{key}" if room else key for room in homes)
    place = " or ".join(f"below [{room}]" if room else "above all sections" for room in homes)
    return f"It is {whole}: in a file, '{key}' stands {place}." if homes else ""


def _section(kind: type[Settings], path: list[str]) -> type[Settings]:
    for part in path:
        inner = kind.model_fields[part].annotation
        assert isinstance(inner, type) and issubclass(inner, Settings)
        kind = inner
    return kind


def read_config(path: Path) -> dict[str, Any]:
    """A TOML file, not yet checked: sections model, data, training and decoding, and plain keys such as `seed`."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Mistake(f"There is no configuration file {path}.", "Check the path given to --config.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Mistake(f"{path} is not valid TOML: {error}.", "Mend that line; strings need quotes.") from None


def assign(values: dict[str, Any], assignment: str) -> None:
    """Put `section.key=value`, as `--set` takes it, into plain values; the value is read as TOML, else as text."""
    key, equals, text = assignment.partition("=")
    if not equals or not key.strip():
        raise Mistake(f"--set '{assignment}' is not of the form section.key=value.", "Example: --set training.epochs=5")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text.strip()
    _put(values, key.strip(), value)


def configuration(file: Path | None, assignments: Iterable[str], given: dict[str, Any]) -> dict[str, Any]:
    """Plain values from a file, then `section.key=value`, then single values (None: not given); later ones win."""
    values = read_config(file) if file else {}
    for assignment in assignments:
        assign(values, assignment)
    for key, value in given.items():
        inner = {f"{key}.{name}": some for name, some in value.items()} if isinstance(value, dict) else {key: value}
        for name, some in inner.items():
            if some is not None:
                _put(values, name, some)
    return values


def merged(values: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Plain values with others on top, section by section."""
    sections = {key: values[key] | value for key, value in changes.items() if isinstance(value, dict) and key in values}
    return values | changes | sections


def resolve(values: dict[str, Any]) -> RunConfig:
    """Plain values to a checked run; in the section `[model]`, `name` is the model and the rest its own settings."""
    values = dict(values)
    if "settings" in values:
        raise Mistake("Unknown setting 'settings'.", "A model's own settings stand in [model]: --set model.KEY=VALUE")
    model = values.pop("model", {})
    if not isinstance(model, dict):
        model = {"name": model}
    settings = {key: value for key, value in model.items() if key != "name"}
    if "name" in model:
        values["model"] = model["name"]
    return validated(RunConfig, values | {"settings": settings}, "")
