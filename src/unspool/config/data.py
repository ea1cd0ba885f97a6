"""Settings of data: which columns and files, and how text becomes ids."""

from __future__ import annotations

from typing import Literal, NamedTuple

from pydantic import Field

from unspool.config.settings import Settings


class FrameSettings(NamedTuple):
    """How sound becomes frames; see the settings of the same names in `DataConfig`."""

    sample_rate: int = 16_000
    mels: int = 80
    window_ms: float = 25.0
    hop_ms: float = 10.0


USUAL_FRAMES = FrameSettings()


class DataConfig(Settings):
    """Which columns and files are read, and how text becomes ids."""

    columns: str | None = Field(
        default=None, description="columns and tokenizers: 'source=1:chars+2:tags,target=3:chars'"
    )
    header: Literal["auto", "yes", "no"] = Field(
        default="auto",
        description="whether the first row names the columns; auto: of a CSV, or if it holds the names in columns",
    )
    delimiter: str | None = Field(
        default=None,
        description="between cells: one character, or tab, comma, semicolon; default: by the file's ending",
    )
    encoding: str | None = Field(default=None, description="such as cp949 or utf-16; default: UTF-8")
    source_tokenizer: str = Field(
        default="auto",
        description="auto, chars, words, tags, bpe, unigram, bytes, jamo, or the file of a sentencepiece model",
    )
    target_tokenizer: str = Field(default="auto", description="the same for the target")
    shared_vocabulary: bool = Field(default=False, description="one tokenizer for both sides, learned from both")
    lowercase: Literal["none", "source", "target", "both"] = Field(
        default="none", description="sides whose text is read in small letters; a target's case is lost in answers"
    )
    normalize: Literal["none", "NFC", "NFD", "NFKC", "NFKD"] = Field(
        default="none", description="the Unicode form in which the text of both sides is read"
    )
    source_vectors: str | None = Field(
        default=None, description="file of word vectors (word2vec, GloVe, fastText .vec; also .gz, .zst) to start from"
    )
    target_vectors: str | None = Field(default=None, description="the same for the target")
    subword_size: int = Field(default=8000, ge=300, le=1_000_000, description="symbols of a bpe or unigram vocabulary")
    min_count: int = Field(default=1, ge=1, description="rarer symbols of chars and words become <unk>")
    clean: bool = Field(
        default=False,
        description="leave out training pairs that teach nothing: duplicates, equal sides, wrong lengths and scripts",
    )
    clean_ratio: float = Field(
        default=3.0, gt=1, allow_inf_nan=False, description="with clean: times a side may be longer than is usual"
    )
    clean_longest: int = Field(default=1000, ge=1, description="with clean: most characters of a side")
    max_line: int = Field(default=20_000, ge=1, description="characters; a longer line is skipped")
    max_source: int = Field(default=1000, ge=1, description="symbols; a longer source is cut, and reported")
    max_target: int = Field(default=1000, ge=1, description="symbols; a longer target is cut, and reported")
    max_sentence: int = Field(
        default=40, ge=1, description="symbols; for a model that reads sentences, a longer one becomes several"
    )
    window: int = Field(default=256, ge=1, description="symbols of a window of running text in training")
    hallucinate: float = Field(
        default=0.0,
        ge=0,
        le=100,
        description="made-up pairs for each real one, with random letters in what both sides share; if not set, up to "
        "10,000 for a lemma's characters and tags with a form of characters",
    )
    held_out: float = Field(
        default=0.05, gt=0, lt=1, description="share of sources, or of running text, held out when no --valid is given"
    )
    held_out_most: int = Field(default=2000, ge=1, description="and at most this number of sources")
    sample_rate: int = Field(
        default=16_000, ge=1000, le=192_000, description="of recordings in Hz; those of another rate are resampled"
    )
    mels: int = Field(default=80, ge=1, le=512, description="bands of the mel scale in a frame of sound")
    window_ms: float = Field(default=25.0, gt=0, le=1000, description="milliseconds of sound that a frame looks at")
    hop_ms: float = Field(default=10.0, ge=0.5, le=1000, description="milliseconds from one frame of sound to the next")

    @property
    def frames(self) -> FrameSettings:
        """How sound becomes frames."""
        return FrameSettings(self.sample_rate, self.mels, self.window_ms, self.hop_ms)
