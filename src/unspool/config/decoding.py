"""Settings of decoding."""

from __future__ import annotations

from pydantic import Field, model_validator

from unspool.config.settings import Settings
from unspool.errors import Mistake


class DecodingConfig(Settings):
    """How answers are chosen."""

    beam: int = Field(default=1, ge=1, description="beam width; 1 is greedy search")
    n_best: int = Field(default=1, ge=1, description="number of answers; at most the beam width, any number of samples")
    length_penalty: float = Field(
        default=0.6, ge=0, le=100, description="alpha of ((5 + length) / 6)^alpha, EOS included; 0: none"
    )
    coverage_penalty: float = Field(
        default=0.0,
        ge=0,
        allow_inf_nan=False,
        description="beta of GNMT's: a beam prefers answers that cover the whole source; 0: none",
    )
    joint_weight: float = Field(
        default=0.5,
        ge=0,
        le=100,
        description="lambda of a folder's joint n-gram model in the order of a beam's answers; 0: none",
    )
    max_length: int = Field(default=200, ge=1, description="maximum number of symbols in an answer, EOS included")
    batch_symbols: int = Field(default=4096, ge=1, description="source symbols decoded together")
    sample: bool = Field(default=False, description="draw the answers instead of searching for the best")
    temperature: float = Field(
        default=1.0,
        gt=0,
        allow_inf_nan=False,
        description="of sampling; below 1 favours likely symbols, above 1 is closer to uniform",
    )
    top_k: int | None = Field(
        default=None, ge=1, description="sample from the k most probable continuations; default: all"
    )
    top_p: float = Field(
        default=1.0, gt=0, le=1, description="and from the most probable ones that together reach this probability"
    )
    no_repeat: int = Field(default=0, ge=0, description="no answer repeats a run of so many symbols; 0: it may")
    bias: float = Field(
        default=0.0,
        ge=0,
        le=100,
        allow_inf_nan=False,
        description="of sampled ink and real values; above 0 it is neater and less varied, at 1 clearly so; 0: none",
    )
    seed: int = Field(default=1, ge=0, lt=2**63, description="random seed of sampling")

    @model_validator(mode="after")
    def _sampling_or_beam(self) -> DecodingConfig:
        if self.sample and self.beam > 1:
            what = (
                f"A beam of {self.beam} cannot be combined with sampling: a beam keeps the best answers and draws none."
            )
            raise Mistake(what, "Leave one out; --n-best is the number of samples of each line.")
        for name, unused in (("temperature", 1.0), ("top_k", None), ("top_p", 1.0), ("bias", 0.0)):
            if not self.sample and getattr(self, name) != unused:
                flag = f"--{name.replace('_', '-')}"
                raise Mistake(f"{flag} is for sampling, and sampling is off.", f"Add --sample, or leave out {flag}.")
        return self

    @model_validator(mode="after")
    def _enough_places(self) -> DecodingConfig:
        if self.n_best > self.beam and not self.sample:
            what = f"A beam of {self.beam} has at most {self.beam} answers, and {self.n_best} were requested."
            raise Mistake(what, f"Widen it: --beam {self.n_best}, or decoding.beam={self.n_best} in the settings.")
        return self
