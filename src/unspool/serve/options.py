"""What a server may be told: how it gathers requests, and where it draws its lines. Every line has a default."""

from __future__ import annotations

from pydantic import Field, model_validator

from unspool.config import Settings
from unspool.errors import Mistake


class ServeOptions(Settings):
    """Times are in seconds, sizes in bytes."""

    max_batch: int = Field(default=64, ge=1, description="most sources answered together; 1: no batches")
    batch_wait: float = Field(default=0.005, ge=0, le=10, description="how long a source waits for others to join it")
    max_queue: int = Field(default=1024, ge=1, description="most sources that wait for a model; more: 503")
    timeout: float = Field(default=60, gt=0, le=86400, description="until an answer; later: 504, and the work stops")
    grace: float = Field(default=30, ge=0, le=86400, description="on shutdown: until running requests are cut")
    read_timeout: float = Field(default=10, gt=0, le=3600, description="until a request has arrived; later: 408")
    idle_timeout: float = Field(default=30, gt=0, le=3600, description="until a connection without a request is closed")
    max_connections: int = Field(default=512, ge=1, description="most open connections")
    max_body: int = Field(default=1_000_000, ge=1, description="most bytes of a request; more: 413")
    max_sources: int = Field(default=256, ge=1, description="most sources of a request; more: 413")
    max_source: int = Field(default=10_000, ge=1, description="most characters or steps of a source; more: 413")
    max_beam: int = Field(default=32, ge=1, description="widest beam; wider: 422")
    max_n_best: int = Field(default=32, ge=1, description="most answers to a source; more: 422")
    max_length: int = Field(default=1000, ge=1, description="longest answer in symbols; longer: 422")
    max_cells: int = Field(
        default=4_000_000,
        ge=1,
        description="most n_best · max_length · length of a source, of a request with attention",
    )
    max_allow: int = Field(default=10_000, ge=1, description="most permitted answers of a request; more: 413")
    allow_origins: tuple[str, ...] = Field(default=(), description="web pages that may ask; none by default")

    @model_validator(mode="after")
    def _a_request_fits_into_the_queue(self) -> ServeOptions:
        if self.max_sources > self.max_queue:
            what = f"A request may have {self.max_sources:,} sources, and only {self.max_queue:,} can wait."
            raise Mistake(what, "Raise --max-queue, or lower --max-sources.")
        return self
