"""Settings of training."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from unspool.config.settings import Settings
from unspool.errors import Mistake


class TrainingConfig(Settings):
    """How a network is trained."""

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
