"""One voice into another, frame by frame.

The program espeak-ng says the same words with two voices. Dynamic time warping finds for each frame of the first the
frame of the second that belongs to it, and a bidirectional network learns the one from the other. It is measured on
words that it never heard: the mel-cepstral distortion to the second voice, beside that of leaving the first as it is.

With `--data FOLDER` the voices are your own: recordings of equal names in `source/` and `target/`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from unspool import folder as disk
from unspool.audio.frames import sound_of
from unspool.audio.voices import aligned, mel_cepstral_distortion
from unspool.audio.wav import write_wav
from unspool.config import DataConfig
from unspool.data.arrays import read_arrays, write_arrays
from unspool.data.inputs import Files
from unspool.data.reading import Reading
from unspool.errors import Mistake
from unspool.explain.spectrogram import spectrograms
from unspool.model import Model
from unspool.recipes.program import program
from unspool.recipes.spoken_words import speak_words
from unspool.recipes.training import Screen, resume, train
from unspool.storage.atomic import replace
from unspool.types import Array

MINUTES = 4.0
# The share of recordings that are held out for validation, and for the figures at the end.
VALID, TEST = 0.06, 0.1
DATA: dict[str, Any] = {"sample_rate": 16_000, "mels": 80, "max_source": 4000}
# The frames are those of recordings, so that answers are written as sound.
SOUND = {"columns": "source=1:sound,target=2:sound"}
SETTINGS: dict[str, dict[str, Any]] = {
    "model": {"name": "tagger", "embedding_size": 128, "encoder_size": 256, "encoder_layers": 2, "dropout": 0.1},
    "data": DATA | SOUND,
    "training": {"batch_symbols": 4096, "learning_rate": 2e-3, "averaging": 0.99, "metric": "rmse"},
}
# Recordings that are written as sound at the end.
HEARD = 3


def run(out: Path, minutes: float | None, screen: Screen, data: Path | None = None) -> str:
    """Train or resume, evaluate, and return the text to show."""
    pairs = _recordings(out, data, screen)
    files = write_arrays_of(out / "data", pairs, screen.say)
    if disk.holds_a_run(out):
        model = resume(out, files, minutes, screen)
    else:
        model = train(out, files, SETTINGS, MINUTES if minutes is None else minutes, screen)
    screen.say("Measuring on recordings that training never heard …")
    figures, heard = measure(model, [pairs[number] for number in split(len(pairs))["test"]])
    disk.write_json(out / disk.EVALUATION, figures)
    text = show(figures, write_sounds(out / "heard", heard, model), out)
    replace(out / disk.SUMMARY, text.encode())
    return text


Pair = tuple[Array, Array]


def _recordings(out: Path, data: Path | None, screen: Screen) -> list[Pair]:
    """The frames of both voices, pair by pair."""
    spoken = out / "data" / "spoken"
    if data is None and not spoken.is_dir():
        speak_words(spoken, screen)
    given = data or spoken
    read = read_arrays([given], Reading.of(DataConfig(**DATA)))
    pairs = list(zip(read.sequences, read.targets, strict=True))
    if len(pairs) < 20 or any(isinstance(target, str) for _, target in pairs):
        what = f"{given} holds {len(pairs):,} pairs of recordings, and at least 20 are needed."
        raise Mistake(what, "Put recordings of equal names into its folders source/ and target/.")
    return pairs


def split(count: int) -> dict[str, list[int]]:
    """The numbers of the recordings of each part, by a hash of their number: the same ones every time."""
    order = sorted(range(count), key=lambda number: blake2b(str(number).encode()).digest())
    test, valid = max(1, round(TEST * count)), max(1, round(VALID * count))
    return {"test": order[:test], "valid": order[test : test + valid], "train": order[test + valid :]}


def write_arrays_of(folder: Path, pairs: Sequence[Pair], say: Callable[[str], None]) -> Files:
    """Write train.npz and valid.npz: the source's frames, and the target's that belong to them."""
    paths = {name: folder / f"{name}.npz" for name in ("train", "valid")}
    if not all(path.exists() for path in paths.values()):
        folder.mkdir(parents=True, exist_ok=True)
        for name, path in paths.items():
            chosen = [pairs[number] for number in split(len(pairs))[name]]
            write_arrays(path, [source for source, _ in chosen], [aligned(*pair) for pair in chosen])
        say(f"{len(pairs):,} recordings of two voices; {len(split(len(pairs))['test']):,} held out for the end.")
    return Files((paths["train"],), (paths["valid"],))


def measure(model: Model, pairs: Sequence[Pair]) -> tuple[dict[str, Any], list[tuple[Array, Array, Array]]]:
    """Distortions in decibels with 95 % intervals, and the first sources, targets and answers."""
    answers = [one.hypotheses[0].values for one in model.predict([source for source, _ in pairs])]
    triples = [
        (source, target, answer)
        for (source, target), answer in zip(pairs, answers, strict=True)
        if answer is not None  # never, where a model writes values
    ]
    before = np.array([mel_cepstral_distortion(source, target) for source, target, _ in triples])
    after = np.array([mel_cepstral_distortion(answer, target) for _, target, answer in triples])
    draw = np.random.default_rng(1).integers(len(pairs), size=(2000, len(pairs)))
    figures: dict[str, Any] = {"n": len(pairs)}
    for name, value, drawn in (
        ("distortion_unchanged", before.mean(), before[draw].mean(1)),
        ("distortion", after.mean(), after[draw].mean(1)),
        ("reduction", 100 * (1 - after.mean() / before.mean()), 100 * (1 - after[draw].mean(1) / before[draw].mean(1))),
    ):
        low, high = np.quantile(drawn, [0.025, 0.975])
        figures |= {
            name: round(float(value), 4),
            f"{name}_low": round(float(low), 4),
            f"{name}_high": round(float(high), 4),
        }
    return figures, triples[:HEARD]


def write_sounds(folder: Path, heard: Sequence[tuple[Array, Array, Array]], model: Model) -> Path:
    """Write the first answers as sound, all three through the same way back, and the first as a picture."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = DataConfig(**DATA).frames
    for number, frames in enumerate(heard, 1):
        for name, each in zip(("source", "target", "answer"), frames, strict=True):
            write_wav(folder / f"{number}-{name}.wav", sound_of(each, settings), settings.sample_rate)
    titles = ("the first voice", "the second voice", "the first, turned into the second")
    spectrograms(dict(zip(titles, heard[0], strict=True)), settings.hop_ms, folder / "spectrogram.png")
    return folder


def show(figures: dict[str, Any], heard: Path, out: Path) -> str:
    """The text at the end: distortions, where the sounds are, and the next command."""
    lines = [
        f"On {figures['n']:,} held-out recordings (95 % intervals), mel-cepstral distortion to the second voice:",
        "",
    ]
    for name, title in (
        ("distortion_unchanged", "the first voice, as it is"),
        ("distortion", "turned into the second"),
    ):
        interval = f"{figures[f'{name}_low']:.2f} to {figures[f'{name}_high']:.2f}"
        lines.append(f"  {title:<26} {figures[name]:6.2f} dB   {interval}")
    interval = f"{figures['reduction_low']:.0f} to {figures['reduction_high']:.0f}"
    lines += [f"  {'lower by':<26} {figures['reduction']:6.0f} %    {interval}", ""]
    lines += [f"Listen to {heard / '1-answer.wav'}; source and target are beside it, and a picture of all three:"]
    lines += [f"  {heard / 'spectrogram.png'}", "", "Next, turn recordings of your own, a folder of .wav files:"]
    lines += [f"  {program()} predict {out} RECORDINGS --out answers"]
    return "\n".join(lines)
