"""What a request for a trace and its answer look like, for the OpenAPI document."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, StrictStr

from unspool.serve.schema import Item, Number, SamplingRequest, Source


class WeightEdit(BaseModel):
    """A weight of attention that is set for one step; the other positions share the rest."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Edit")

    step: Item = Field(description="from 0")
    position: Item = Field(description="of source_tokens, from 0")
    weight: Number = Field(ge=0, le=1)


class TraceRequest(SamplingRequest):
    """A question about one source, whose search is told step by step; of a beam, all answers are told."""

    source: Source = Field(description="a text, or steps of numbers")
    prefix: StrictStr | list[Item] | None = Field(
        default=None, description="what the answer begins with: a text, or the numbers of items that a trace has shown"
    )
    edits: list[WeightEdit] | None = Field(
        default=None,
        max_length=1000,
        description="weights of attention that are set, for models where this is possible",
    )


class ServedProbableToken(BaseModel):
    """A next token."""

    model_config = ConfigDict(title="ProbableToken")

    item: int = Field(description="its number, of which a prefix may consist")
    token: str
    probability: float


class ServedTracedToken(BaseModel):
    """A hypothesis after a step that kept it, as its newest token."""

    model_config = ConfigDict(title="TracedToken")

    parent: int = Field(description="its place among those of the step before; 0 in the first step")
    item: int
    token: str
    log_prob: float | None = Field(description="of the token, in nats")
    score: float | None = Field(description="the sum of the log-probabilities so far")
    finished: bool = Field(description="whether the answer ends with this token")
    attention: list[float] | None = Field(description="weights over source_tokens; null without one attention")
    top: list[ServedProbableToken] = Field(description="the most probable tokens at this place, by the model alone")
    entropy: float = Field(description="of all tokens at this place, in nats, by the model alone")


class ServedTraceStep(BaseModel):
    """What a step kept: first what goes on, best first, then what ended."""

    model_config = ConfigDict(title="TraceStep")

    live: list[ServedTracedToken]


class ServedTracedAnswer(BaseModel):
    """An answer."""

    model_config = ConfigDict(title="TracedHypothesis")

    text: str
    score: float | None
    finished: bool
    tokens: list[str]
    path: list[int] = Field(description="its place in each step that it was in")


class ServedStrip(BaseModel):
    """A vector as a person sees it."""

    model_config = ConfigDict(title="VectorStrip")

    norm: float = Field(description="its Euclidean norm")
    width: int = Field(description="how many features it has")
    features: list[float] = Field(description="at most 32 of them, evenly spaced")


class ServedTrace(BaseModel):
    """A search as it went."""

    model_config = ConfigDict(title="Trace")

    model: str
    source: str
    source_tokens: list[str]
    steps: list[ServedTraceStep]
    hypotheses: list[ServedTracedAnswer] = Field(description="best first")
    notes: list[str] = Field(description="what should be known about how the source was read")
    can_edit: bool = Field(description="whether weights of attention can be set, as edits")
    states: list[ServedStrip] | None = Field(description="the encoder's, for each of source_tokens; null without them")
    context: ServedStrip | None = Field(description="the one vector for the whole source; null if there is none")
