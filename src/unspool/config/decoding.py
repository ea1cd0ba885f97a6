"""Settings of decoding."""

from __future__ import annotations

from pydantic import Field, model_validator

from unspool.config.settings import Settings
from unspool.errors import Mistake


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
