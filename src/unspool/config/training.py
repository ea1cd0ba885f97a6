"""Settings of training."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from unspool.config.settings import Settings
from unspool.errors import Mistake


class TrainingConfig(Settings):
    """How a network is trained."""

    batch_symbols: int = Field(
        default=4096, ge=1, description="of source and target together, padding included; less for small data"
    )
    accumulate: int = Field(default=1, ge=1, description="batches summed into one update")
    epochs: int | None = Field(
        default=None,
        ge=1,
        description="maximum number of epochs; if nothing limits the run 40, or more to reach 2,000 updates",
    )
    max_updates: int | None = Field(default=None, ge=1, description="maximum number of updates")
    max_minutes: float | None = Field(default=None, gt=0, description="minutes; the schedule adapts to them")
    optimizer: Literal["adamw", "adam", "muon"] = Field(
        default="adamw", description="muon: orthogonal steps for matrices inside the network, adamw for the rest"
    )
    learning_rate: float = Field(
        default=1e-3, gt=0, allow_inf_nan=False, description="the highest rate, which the schedule scales"
    )
    embedding_rate: float | None = Field(
        default=None,
        gt=0,
        allow_inf_nan=False,
        description="factor of the learning rate for embeddings; default: the square root of their width, but 1 for a "
        "transformer, whose embeddings are scaled, and with pretrained word vectors",
    )
    weight_decay: float = Field(default=0.01, ge=0, description="of matrices only; adam: none")
    beta1: float = Field(default=0.9, ge=0, lt=1, description="decay of the mean gradient")
    beta2: float = Field(default=0.99, ge=0, lt=1, description="decay of the mean squared gradient")
    schedule: Literal["cosine", "inverse_sqrt", "plateau", "constant"] = Field(
        default="cosine", description="how the learning rate falls"
    )
    warmup_updates: int = Field(
        default=200, ge=0, description="updates in which the rate rises; at most a tenth of the run"
    )
    plateau_patience: int = Field(
        default=2, ge=0, description="validations without a better metric before the rate falls"
    )
    plateau_factor: float = Field(default=0.5, gt=0, lt=1, description="and what the rate is then multiplied by")
    final_rate: float = Field(default=0.02, ge=0, le=1, description="share of the learning rate at the end of cosine")
    clip_norm: float = Field(default=1.0, ge=0, description="longest gradient; 0: no clipping")
    label_smoothing: float = Field(
        default=0.1, ge=0, lt=1, description="probability that the target shares among all symbols"
    )
    class_weights: Literal["none", "balanced"] = Field(
        default="none",
        description="of labels in the loss (classifier, tagger, han); balanced: rare ones count as much as common ones",
    )
    coverage_loss: float = Field(
        default=0.0,
        ge=0,
        allow_inf_nan=False,
        description="weight of Σ min(attention, attention so far)",
    )
    averaging: float = Field(
        default=0.999, ge=0, lt=1, description="decay of the moving average of the weights; 0: none"
    )
    feeding: Literal["teacher", "scheduled", "free"] = Field(
        default="teacher", description="the decoder's inputs: the true symbols, a mixture, or only its own choices"
    )
    teacher_until: int = Field(default=0, ge=0, description="updates with only true symbols before that begins")
    decay: Literal["linear", "exponential", "inverse_sigmoid"] = Field(
        default="linear", description="how the share of true symbols falls if feeding is scheduled"
    )
    decay_constant: float | None = Field(
        default=None, gt=0, allow_inf_nan=False, description="k of its formula; default: 1, 0.999 and 300"
    )
    decay_slope: float = Field(
        default=2.5e-4, gt=0, allow_inf_nan=False, description="linear: the decrease in each update"
    )
    decay_least: float = Field(default=0.25, ge=0, lt=1, description="linear: the least share of true symbols")
    choice: Literal["best", "drawn"] = Field(
        default="best", description="the decoder's own choices: the best symbol, or one drawn"
    )
    precision: Literal["auto", "fp32", "bf16"] = Field(
        default="auto", description="of products; auto: bf16 where the processor has it and losses agree"
    )
    validate_every: int | None = Field(default=None, ge=1, description="updates; default: about once an epoch")
    metric: Literal[
        "auto", "exact_match", "symbol_error_rate", "bleu", "chrf", "accuracy", "macro_f1", "mae", "rmse"
    ] = Field(
        default="auto",
        description="of answers to the validation data; selects the best weights and decides early stopping",
    )
    bleu_tokenizer: str = Field(
        default="auto",
        description="sacrebleu's, such as 13a, char, zh or intl; auto: char for Hangul and for scripts without spaces "
        "between words, otherwise 13a",
    )
    patience: int = Field(default=10, ge=1, description="validations without a better metric before training stops")
    validate_most: int = Field(default=2000, ge=1, description="sources decoded at each validation")
    joint_ngram: Literal["auto", "on", "off"] = Field(
        default="auto",
        description="an n-gram model of aligned pairs that orders the answers of a beam anew; auto: where texts have "
        "few kinds of symbols, and if it helps on the validation data",
    )
    checkpoint_minutes: float = Field(default=5.0, ge=0, description="minutes between checkpoints inside an epoch")

    @model_validator(mode="after")
    def _something_follows_the_teacher(self) -> TrainingConfig:
        if self.teacher_until and self.feeding == "teacher":
            what = f"training.teacher_until={self.teacher_until} ends teacher forcing, but training.feeding is teacher."
            raise Mistake(what, "Set what follows: --set training.feeding=free, or scheduled.")
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
            what = f"training.decay_constant={k:g} is not possible for {self.decay.replace('_', ' ')} decay."
            raise Mistake(what, f"It must be {rule} (Bengio et al. 2015, section 2.4).")
        return self
