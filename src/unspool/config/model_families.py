"""Settings that several models share: what every model, recurrent network, encoder and encoder-decoder has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from unspool.config.settings import Settings
from unspool.errors import Mistake

CellName = Literal["rnn", "rnn_sigmoid", "lstm", "lstm_peepholes", "gru", "gru_reset_before"]
WindowName = Literal["global", "local-m", "local-p"]
ScoreName = Literal["dot", "general", "concat", "location", "scaled_dot"]
DensityName = Literal["gaussian", "student_t", "mixture", "quantiles"]

# The initial scale of embeddings for texts of many words and few labels. A word that is seen twice keeps about its
# random vector; with a large scale, that vector would count as much as one that was learned.
RARE_WORD_STD = 0.1


# Networks beyond these limits are mistakes; memory ends long before.
WIDEST, DEEPEST = 2**20, 1000


def refuse_odd(setting: str, size: int) -> None:
    """Refuse an odd size of a bidirectional layer: its two directions have half the size each."""
    if size % 2:
        what = f"A bidirectional network cannot have the odd size {size}."
        raise Mistake(what, f"Make model.{setting} even.")


class AnyModelSettings(Settings):
    """Settings that every model has: its name, and properties that other parts of a run need.

    widths: the settings that `model.size` sets, the one width that every model understands; empty if it is a setting
    """

    widths: ClassVar[tuple[str, ...]] = ()
    name: str

    @model_validator(mode="before")
    @classmethod
    def _one_width(cls, values: Any) -> Any:
        return cls.spelled_out(values) if isinstance(values, dict) else values

    @classmethod
    def spelled_out(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Plain values with `size` replaced by the widths that it stands for; a width that is given stays."""
        if not cls.widths or "size" not in values:
            return dict(values)
        rest = {key: value for key, value in values.items() if key != "size"}
        return dict.fromkeys(cls.widths, values["size"]) | rest

    @property
    def copies(self) -> bool:
        """Whether symbols of the source can be copied."""
        return False

    @property
    def continues(self) -> bool:
        """Whether the source is the beginning of what is written."""
        return False

    @property
    def reads_from_the_end(self) -> bool:
        """Whether the last item of the source is read first."""
        return False

    @property
    def ties_embeddings(self) -> bool:
        """Whether both sides must have one vocabulary."""
        return False


class DensitySettings(AnyModelSettings):
    """Settings of every model that can write real values."""

    density: DensityName = Field(default="gaussian", description="of written real values; quantiles assume no shape")
    components: int = Field(default=10, ge=1, le=WIDEST, description="Gaussians of density=mixture")


class RecurrentSettings(AnyModelSettings):
    """Dropout settings of every recurrent network."""

    embedding_dropout: float | None = Field(
        default=None, ge=0, lt=1, description="on embedded symbols; default: as `dropout`; rounded to 1/256"
    )
    locked_dropout: bool = Field(default=False, description="the same dropout mask at all steps of a sequence")
    recurrent_dropout: float = Field(
        default=0.0, ge=0, lt=1, description="on the recurrent weights, the same at all steps; rounded to 1/256"
    )


class EncoderSettings(RecurrentSettings):
    """Settings of every recurrent encoder; a model adds its own."""

    widths: ClassVar[tuple[str, ...]] = ("encoder_size",)
    embedding_size: int = Field(default=256, ge=1, le=WIDEST, description="width of embedded symbols")
    encoder_cell: CellName = Field(default="lstm", description="the encoder's recurrent unit")
    encoder_size: int = Field(
        default=512, ge=2, le=WIDEST, description="width of the encoder's output, both directions together"
    )
    encoder_layers: int = Field(default=1, ge=1, le=DEEPEST, description="layers of the encoder")
    residual: bool = Field(default=False, description="from the second layer on, add its input to its output")
    layer_norm: bool = Field(default=False, description="normalise after each layer")
    dropout: float = Field(
        default=0.2, ge=0, lt=1, description="on embeddings, between layers and before the output; rounded to 1/256"
    )

    @property
    def reads_both_ways(self) -> bool:
        """Whether the encoder has two directions, each with half of its width."""
        return True

    @model_validator(mode="after")
    def _halves_are_whole(self) -> Self:
        if self.reads_both_ways:
            refuse_odd("encoder_size", self.encoder_size)
        return self


class EncoderDecoderSettings(EncoderSettings, DensitySettings):
    """Settings of every recurrent encoder-decoder."""

    tie_embeddings: bool = Field(default=False, description="one vocabulary and one embedding table for both sides")
    tie_output: bool = Field(default=False, description="the output layer's weight is the target embedding's table")
    widths: ClassVar[tuple[str, ...]] = ("encoder_size", "decoder_size")
    decoder_cell: CellName = Field(default="lstm", description="the decoder's recurrent unit")
    decoder_size: int = Field(default=512, ge=1, le=WIDEST, description="width of the decoder's layers")
    decoder_layers: int = Field(default=1, ge=1, le=DEEPEST, description="layers of the decoder")

    @property
    def ties_embeddings(self) -> bool:
        """See `AnyModelSettings`."""
        return self.tie_embeddings


class AttentionSettings(EncoderDecoderSettings):
    """Models whose attention can have coverage and copying (See, Liu, Manning 2017, arXiv:1704.04368)."""

    coverage: bool = Field(default=False, description="attention depends on its earlier weights; slower")
    copying: bool = Field(default=False, description="symbols of the source can be copied")

    @property
    def copies(self) -> bool:
        """See `AnyModelSettings`."""
        return self.copying
