"""Sequences of real values in a JSONL, a Parquet file, a folder of .csv files, and recordings."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path

import numpy as np
import polars
import soundfile

from damage.arrays import uses_of_values
from damage.bytes_of_any_file import ANY_FILE
from damage.subject import Subject, Use
from damage.tables import MODELS, SHORT, written


@cache
def rows() -> list[dict[str, object]]:
    """The pairs of the .npz that the model of values was trained on."""
    with np.load(MODELS / "lines.npz") as held:
        parts = np.split(held["values"], np.cumsum(held["lengths"])[:-1])
        return [
            {"source": part.astype(float).tolist(), "target": str(target)}
            for part, target in zip(parts, held["targets"].tolist(), strict=True)
        ]


def as_jsonl() -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows()).encode()


def as_parquet() -> bytes:
    content = io.BytesIO()
    polars.DataFrame(rows()).write_parquet(content)
    return content.getvalue()


def in_csv_files(folder: Path) -> Path:
    """A folder with a .csv for each sequence, of which the first is damaged."""
    for number, row in enumerate(rows()[:40]):
        path = folder / "lines" / str(row["target"]) / f"{number}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savetxt(path, np.array(row["source"]), delimiter=",")
    return sorted((folder / "lines").rglob("*.csv"))[0]


def in_recordings(folder: Path) -> Path:
    """A folder with short tones, high and low ones, of which the first is damaged."""
    draw = np.random.default_rng(1)
    for number in range(20):
        label, pitch = (("high", 1500), ("low", 300))[number % 2]
        path = folder / "lines" / label / f"{number}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        tone = 0.3 * np.sin(2 * np.pi * (pitch + draw.uniform(-99, 99)) * np.arange(800) / 8000)
        soundfile.write(path, tone, 8000, subtype=("PCM_16", "PCM_U8", "PCM_24", "FLOAT")[number // 2 % 4])
    return sorted((folder / "lines").rglob("*.wav"))[0]


def uses_of_a_folder(path: Path) -> list[Use]:
    """The folder two above the damaged file is the data."""
    return uses_of_values(path.parents[1])


def uses_of_recordings(path: Path) -> list[Use]:
    """No model of the tests has read sound, so it is trained and described."""
    folder = path.parents[1]
    small = ["--set", "model.encoder_size=8", "--set", "data.sample_rate=8000", "--set", "data.mels=10"]
    train = ["train", folder, "--model", "classifier", "--out", folder.with_name("out"), *SHORT, *small]
    return [Use(train), Use(["describe", folder])]


SUBJECTS = [
    Subject("lines.jsonl", lambda folder: written("lines.jsonl", as_jsonl())(folder), uses_of_values, [*ANY_FILE]),
    Subject(
        "lines.parquet", lambda folder: written("lines.parquet", as_parquet())(folder), uses_of_values, [*ANY_FILE]
    ),
    Subject("a folder of .csv", in_csv_files, uses_of_a_folder, [*ANY_FILE]),
    Subject("a folder of .wav", in_recordings, uses_of_recordings, [*ANY_FILE]),
]
