"""What requests and answers look like, for the OpenAPI document. A misspelt option is an error, never ignored."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, model_validator

from unspool.config.decoding import DecodingConfig

Number = Annotated[float, Field(allow_inf_nan=False)]
# A text, or S steps of F numbers.
Source: TypeAlias = StrictStr | list[list[Number]]
Count = Annotated[StrictInt, Field(ge=1, lt=2**53)]
# The number of an item in a vocabulary.
Item = Annotated[StrictInt, Field(ge=0, lt=2**31)]


class DecodingRequest(BaseModel):
    """What every question may set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: StrictStr | None = Field(default=None, description="a name from /v1/models; default: the first one")
    beam: Count | None = Field(default=None, description="beam width; 1 is greedy search")
    max_length: Count | None = Field(default=None, description="maximum number of symbols in an answer")
    length_penalty: Number | None = Field(default=None, ge=0, le=100, description="0 prefers short answers")
    coverage_penalty: Number | None = Field(default=None, ge=0, description="above 0: cover the whole source")

    @property
    def decoding(self) -> dict[str, Any]:
        """Those of its fields that are settings of decoding; None where one is not given."""
        return {name: getattr(self, name) for name in type(self).model_fields if name in DecodingConfig.model_fields}


class SamplingRequest(DecodingRequest):
    """What a question may set whose answers can be drawn."""

    sample: StrictBool | None = Field(default=None, description="draw random answers instead of searching")
    temperature: Number | None = Field(default=None, gt=0, description="of sampling; below 1 favours likely symbols")
    top_k: Count | None = Field(default=None, description="sample from the k most probable symbols")
    top_p: Number | None = Field(default=None, gt=0, le=1, description="and from those that reach this probability")
    seed: StrictInt | None = Field(default=None, ge=0, lt=2**63, description="of sampling; default: 1")


class Asked(DecodingRequest):
    """What questions have: `source`, or a list `sources`, but not both."""

    source: Source | None = Field(default=None, description="a text, or steps of numbers")
    sources: list[Source] | None = Field(default=None, min_length=1, description="several of them")
    prefix: StrictStr | list[StrictStr] | None = Field(
        default=None, description="what answers begin with: one text, or one for each source"
    )
    at_least: Number | None = Field(default=None, ge=0, le=1, description="the least confidence of an answer")
    allow: list[StrictStr] | None = Field(default=None, min_length=1, description="the only answers that may be given")

    @model_validator(mode="after")
    def _one_or_several(self) -> Asked:
        if (self.source is None) == (self.sources is None):
            raise ValueError("Give either 'source' or 'sources'")
        return self

    @property
    def asked(self) -> list[str | list[list[float]]]:
        """The sources, also if it is one."""
        return [self.source] if self.source is not None else list(self.sources or ())


class PredictRequest(SamplingRequest, Asked):
    """A question."""

    n_best: Count | None = Field(default=None, description="answers to each source")
    bias: Number | None = Field(default=None, ge=0, le=100, description="of sampled ink or numbers; above 0: neater")
    attention: StrictBool = Field(default=False, description="also the tokens and the attention weights")
    stream: StrictBool = Field(
        default=False, description="server-sent events: each symbol, or each answer, when it is there"
    )


class ExplainRequest(Asked):
    """A question whose answers are explained."""


class ReloadRequest(BaseModel):
    """Which model to load again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: StrictStr | None = Field(default=None, description="a name from /v1/models; default: all")


class ServedAnswer(BaseModel):
    """One answer; further keys may come with later releases."""

    model_config = ConfigDict(title="Hypothesis")

    text: str
    score: float | None = Field(description="the sum of log-probabilities in nats; null if it is not finite")
    finished: bool = Field(description="false if it was cut at the maximum length")
    values: list[list[float | None]] | None = Field(default=None, description="of a model that writes numbers or ink")
    confidence: float | None = Field(default=None, description="the probability that it is right, if the model has it")
    tokens: list[str] | None = Field(default=None, description="with attention")
    attention: Any = Field(
        default=None, description="weights over source_tokens for each token; null without attention"
    )


class ServedPrediction(BaseModel):
    """The answers to one source, best first."""

    model_config = ConfigDict(title="Prediction")

    source: str
    hypotheses: list[ServedAnswer]
    source_tokens: list[str] | None = Field(default=None, description="with attention")
    abstained: bool | None = Field(default=None, description="with at_least: whether no answer was sure enough")
    sentences: list[int] | None = Field(default=None, description="of a document: the tokens of each sentence")
    notes: list[str] = Field(description="what should be known about how the source was read")


class PredictResponse(BaseModel):
    """The answers, in the order of the sources."""

    model: str
    predictions: list[ServedPrediction]


class Error(BaseModel):
    """Why there is no answer."""

    type: str = Field(description="for programs, such as invalid_request")
    what: str = Field(description="one line: what happened")
    remedy: str = Field(description="one line: what to do")


class ErrorResponse(BaseModel):
    """What every request without an answer gets."""

    error: Error


class ServedModel(BaseModel):
    """A model that is served."""

    id: str
    object: str
    created: int = Field(description="when it was loaded, in seconds since 1970")
    owned_by: str
    architecture: str
    reads: str = Field(description="the kind of its sources")
    writes: str = Field(description="the kind of its answers")
    max_source: int = Field(description="the most symbols or steps that it reads; the rest is cut")
    decoding: dict[str, int] = Field(description="its defaults")
    limits: dict[str, int] = Field(description="the most that a question may ask for")
    horizon: int | None = Field(description="the most steps that a forecaster forecasts; null for other models")
    engine: str


class ServedModels(BaseModel):
    """All models; the first is the default."""

    object: str
    data: list[ServedModel]


class Status(BaseModel):
    """How the server is."""

    status: str


class Reloaded(BaseModel):
    """The models that were loaded again."""

    reloaded: list[str]
