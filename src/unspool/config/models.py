"""The settings of every model, chosen by the model's name.

They are here and not in the models' files, because those import PyTorch, which is not needed to read a trained
folder. Add the class of a new model to `ModelSettings` at the end.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from unspool.config.model_families import (
    DEEPEST,
    RARE_WORD_STD,
    WIDEST,
    AttentionSettings,
    CellName,
    DensitySettings,
    EncoderDecoderSettings,
    EncoderSettings,
    RecurrentSettings,
    ScoreName,
    WindowName,
    refuse_odd,
)
from unspool.errors import Mistake

# One class for each model, in alphabetical order.


class BahdanauSettings(AttentionSettings):
    """Settings of the paper: the size of the alignment model, and the source of the first state."""

    name: Literal["bahdanau"] = Field(default="bahdanau", description="the model")
    encoder_cell: CellName = Field(default="gru", description="the encoder's recurrent unit")
    decoder_cell: CellName = Field(default="gru", description="the decoder's recurrent unit")
    attention_size: int = Field(default=256, ge=1, le=WIDEST, description="width of the alignment model")
    first_state: Literal["whole", "backward"] = Field(
        default="whole", description="from both directions, or only the backward one"
    )


class ChoSettings(EncoderDecoderSettings):
    """The paper's unit (GRU), in its fast form; there are no other settings of the paper."""

    name: Literal["cho"] = Field(default="cho", description="the model")
    encoder_cell: CellName = Field(default="gru", description="the encoder's recurrent unit")
    decoder_cell: CellName = Field(default="gru", description="the decoder's recurrent unit")

    @property
    def reads_both_ways(self) -> bool:
        """It has one direction."""
        return False


class ClassifierSettings(EncoderSettings):
    """The number of directions, and the summary of the sequence."""

    name: Literal["classifier"] = Field(default="classifier", description="the model")
    embedding_std: float = Field(default=RARE_WORD_STD, gt=0, description="standard deviation of the random embeddings")
    bidirectional: bool = Field(default=True, description="two directions; the paper has one")
    summary: Literal["last", "mean", "max"] = Field(
        default="last", description="the last state, or the mean or maximum of all states"
    )

    @property
    def reads_both_ways(self) -> bool:
        """As set."""
        return self.bidirectional


class GNMTSettings(EncoderDecoderSettings):
    """Settings of the paper: depth, residual connections, and the size of the attention's hidden layer."""

    name: Literal["gnmt"] = Field(default="gnmt", description="the model")
    encoder_size: int = Field(default=256, ge=2, le=WIDEST, description="width of its output, both directions together")
    encoder_layers: int = Field(
        default=4, ge=1, le=DEEPEST, description="the first is bidirectional, the others are forward"
    )
    decoder_size: int = Field(default=256, ge=1, le=WIDEST, description="width of the decoder's layers")
    decoder_layers: int = Field(default=4, ge=1, le=DEEPEST, description="layers of the decoder")
    residual: bool = Field(default=True, description="from the third layer on, add its input to its output")
    attention_size: int = Field(default=256, ge=1, le=WIDEST, description="width of the attention's hidden layer")


class GravesSettings(RecurrentSettings):
    """The network: N layers of one size, and for ink the components of its density."""

    name: Literal["graves"] = Field(default="graves", description="the model")
    embedding_size: int = Field(default=128, ge=1, le=WIDEST, description="width of embedded symbols")
    cell: CellName = Field(default="lstm", description="the recurrent unit")
    size: int = Field(default=512, ge=1, le=WIDEST, description="width of each layer")
    layers: int = Field(default=2, ge=1, le=DEEPEST, description="number of layers")
    dropout: float = Field(
        default=0.2, ge=0, lt=1, description="on embeddings and on each layer's output; rounded to 1/256"
    )
    tie_output: bool = Field(default=False, description="the output layer's weight is the embedding's table")
    components: int = Field(default=20, ge=1, le=WIDEST, description="of the density of ink")

    @property
    def continues(self) -> bool:
        """See `AnyModelSettings`."""
        return True


class HANSettings(RecurrentSettings):
    """The paper's sizes."""

    widths: ClassVar[tuple[str, ...]] = ("word_size", "sentence_size")
    name: Literal["han"] = Field(default="han", description="the model")
    embedding_size: int = Field(default=200, ge=1, le=WIDEST, description="width of embedded words")
    embedding_std: float = Field(default=RARE_WORD_STD, gt=0, description="standard deviation of the random embeddings")
    cell: CellName = Field(default="gru", description="the recurrent unit")
    word_size: int = Field(
        default=100, ge=2, le=WIDEST, description="width of a word's annotation, both directions together"
    )
    sentence_size: int = Field(default=100, ge=2, le=WIDEST, description="the same for a sentence")
    attention_size: int = Field(default=100, ge=1, le=WIDEST, description="width of u for words and for sentences")
    dropout: float = Field(
        default=0.3,
        ge=0,
        lt=1,
        description="on embeddings, sentences and the document; rounded to 1/256; the paper has none",
    )

    @model_validator(mode="after")
    def _halves_are_whole(self) -> HANSettings:
        refuse_odd("word_size", self.word_size)
        refuse_odd("sentence_size", self.sentence_size)
        return self


class LuongSettings(AttentionSettings):
    """Settings of the paper: the score, the window of attention, and input feeding."""

    name: Literal["luong"] = Field(default="luong", description="the model")
    score: ScoreName = Field(default="general", description="how attention compares the decoder with the source")
    positions: int = Field(
        default=200, ge=1, le=WIDEST, description="of the score location; later source positions are ignored"
    )
    window: WindowName = Field(
        default="global", description="the whole source, or a window that is monotonic or predicted"
    )
    window_size: int = Field(
        default=10, ge=1, le=WIDEST, description="D of a local window: symbols on each side of its centre"
    )
    input_feeding: bool = Field(default=False, description="feed the attentional state back; slower")
    bidirectional: bool = Field(default=True, description="two directions in the encoder; the paper has one")

    @property
    def reads_both_ways(self) -> bool:
        """As set."""
        return self.bidirectional

    @model_validator(mode="after")
    def _products_of_equal_vectors(self) -> LuongSettings:
        if self.score in ("dot", "scaled_dot") and self.encoder_size != self.decoder_size:
            sizes = f"{self.encoder_size} and {self.decoder_size}"
            raise Mistake(
                f"Score '{self.score}' needs encoder_size = decoder_size, but they are {sizes}.",
                "Make them equal, or use model.score=general.",
            )
        return self


class SutskeverSettings(EncoderDecoderSettings):
    """Settings of the paper: one network or two, and the direction of reading."""

    name: Literal["sutskever"] = Field(default="sutskever", description="the model")
    encoder_layers: int = Field(default=2, ge=1, le=DEEPEST, description="layers of the encoder")
    decoder_layers: int = Field(default=2, ge=1, le=DEEPEST, description="layers of the decoder")
    shared: bool = Field(default=False, description="one network is encoder and decoder")
    reverse_source: bool = Field(default=True, description="read the source in reverse")

    @property
    def reads_both_ways(self) -> bool:
        """It has one direction."""
        return False

    @property
    def reads_from_the_end(self) -> bool:
        """As set."""
        return self.reverse_source

    @model_validator(mode="after")
    def _one_network_of_one_shape(self) -> SutskeverSettings:
        encoder = f"{self.encoder_layers}×{self.encoder_cell}×{self.encoder_size}"
        decoder = f"{self.decoder_layers}×{self.decoder_cell}×{self.decoder_size}"
        if self.shared and encoder != decoder:
            raise Mistake(
                f"One shared network cannot have an encoder {encoder} and a decoder {decoder}.",
                "Give encoder and decoder the same cell, size and layers, or set model.shared=false.",
            )
        return self


class SynthesisSettings(RecurrentSettings):
    """The network: N layers of one size, a window over the text, and the components of the density of ink."""

    name: Literal["synthesis"] = Field(default="synthesis", description="the model")
    embedding_size: int = Field(default=64, ge=1, le=WIDEST, description="width of embedded characters")
    cell: CellName = Field(default="lstm", description="the recurrent unit")
    size: int = Field(default=256, ge=1, le=WIDEST, description="width of each layer; in the paper 400")
    layers: int = Field(default=3, ge=1, le=DEEPEST, description="number of layers")
    dropout: float = Field(
        default=0.1, ge=0, lt=1, description="on embeddings and on each layer's output; rounded to 1/256"
    )
    components: int = Field(default=20, ge=1, le=WIDEST, description="of the density of ink")
    window_components: int = Field(default=10, ge=1, le=WIDEST, description="Gaussians of the window over the text")
    pace: float = Field(
        default=0.04,
        gt=0,
        le=1000,
        description="characters a point that the window moves at first; default: by the data",
    )


class TaggerSettings(EncoderSettings, DensitySettings):
    """The encoder's settings, and the number of its directions."""

    name: Literal["tagger"] = Field(default="tagger", description="the model")
    bidirectional: bool = Field(
        default=True, description="two directions; with one, sources may be endless: predict --stream"
    )

    @property
    def reads_both_ways(self) -> bool:
        """As set."""
        return self.bidirectional


class TransformerSettings(DensitySettings):
    """The paper's hyper-parameters (table 3), for small data."""

    name: Literal["transformer"] = Field(default="transformer", description="the model")
    tie_embeddings: bool = Field(default=False, description="one vocabulary and one embedding table for both sides")
    tie_output: bool = Field(default=False, description="the output layer's weight is the target embedding's table")
    size: int = Field(default=256, ge=2, le=WIDEST, description="width of embeddings and layers")
    heads: int = Field(default=4, ge=1, le=WIDEST, description="number of attention heads; it divides the size")
    encoder_layers: int = Field(default=3, ge=1, le=DEEPEST, description="layers of the encoder")
    decoder_layers: int = Field(default=3, ge=1, le=DEEPEST, description="layers of the decoder")
    feed_forward_size: int = Field(default=1024, ge=1, le=WIDEST, description="width inside the feed-forward part")
    norm_first: bool = Field(default=True, description="normalise before each part; in the paper: after it")
    dropout: float = Field(
        default=0.1, ge=0, lt=1, description="on embeddings and on each part's output; rounded to 1/256"
    )

    @property
    def ties_embeddings(self) -> bool:
        """See `AnyModelSettings`."""
        return self.tie_embeddings

    @model_validator(mode="after")
    def _heads_share_the_size(self) -> TransformerSettings:
        if self.size % 2 or self.size % self.heads:
            what = f"A size of {self.size} cannot be divided among {self.heads} heads, or is odd."
            raise Mistake(what, "Make model.size an even multiple of model.heads.")
        return self


ModelSettings = Annotated[
    BahdanauSettings
    | ChoSettings
    | ClassifierSettings
    | GNMTSettings
    | GravesSettings
    | HANSettings
    | LuongSettings
    | SutskeverSettings
    | SynthesisSettings
    | TaggerSettings
    | TransformerSettings,
    Field(discriminator="name"),
]
