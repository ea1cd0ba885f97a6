"""Spoken digits: the digit of a recording as a label and as a word, and one speaker's voice into another's.

The Free Spoken Digit Dataset as one zip of DIGIT_SPEAKER_TAKE.wav. Takes 5 to 9 of every speaker are held out;
with `--unheard NAME` all of one speaker are. For voices, the same digit and take of two speakers are a pair.

    python -m benchmarks.quality.digits spoken-digits.zip --minutes 2
"""

from __future__ import annotations

import argparse
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path, PurePath

import unspool
from benchmarks.quality.alternatives import Settings
from unspool.recipes.registry import recipe_of
from unspool.training.progress import Report

WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
HELD_OUT = range(5, 10)
SOUND: Settings = {"data.sample_rate": 8000, "data.mels": 40}
MODELS: dict[str, Settings] = {
    "classifier": {"model.encoder_size": 128, "model.summary": "max", "model.dropout": 0.3},
    "luong": {
        "model.embedding_size": 64, "model.encoder_size": 128, "model.decoder_size": 128, "model.dropout": 0.3,
    },
}  # fmt: skip
VOICES = {"source": "jackson", "target": "nicolas"}


class Quiet:
    """A screen for the recipe that shows nothing; see `recipes.training.Screen`."""

    def training(self) -> AbstractContextManager[Callable[[Report], None]]:
        """Reports of training are not shown."""
        return nullcontext(lambda report: None)

    def counting(self, total: int | None, what: str) -> AbstractContextManager[Callable[[int], None]]:
        """Nor is progress."""
        return nullcontext(lambda done: None)

    def say(self, message: str) -> None:
        """Nor are messages."""


def unpack(archive: Path, folder: Path, unheard: str | None) -> None:
    """Write train/ and test/ with their metadata.csv, and voices/source and voices/target."""
    rows: dict[str, list[str]] = {"train": [], "test": []}
    with zipfile.ZipFile(archive) as packed:
        for name in sorted(name for name in packed.namelist() if name.endswith(".wav")):
            digit, speaker, take = PurePath(name).stem.split("_")
            tested = int(take) in HELD_OUT if unheard is None else speaker == unheard
            part = "test" if tested else "train"
            places = [folder / part / PurePath(name).name]
            places += [
                folder / "voices" / side / f"{digit}-{take}.wav" for side, who in VOICES.items() if who == speaker
            ]
            rows[part].append(f"{PurePath(name).name},{WORDS[int(digit)]}")
            for place in places:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(packed.read(name))
    for part, lines in rows.items():
        (folder / part / "metadata.csv").write_text("\n".join(["file_name,digit", *lines]) + "\n")


def main() -> None:
    """Train both models for each seed, then the voice, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--minutes", type=float, default=2.0, help="of each training")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--unheard", metavar="SPEAKER", help="hold out this speaker instead of the takes 5 to 9")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        unpack(asked.archive, folder, asked.unheard)
        for name, settings in MODELS.items():
            for seed in asked.seeds:
                run = unspool.train(
                    folder / "train", out=folder / f"{name}-{seed}", model=name, settings=SOUND | settings, seed=seed,
                    max_minutes=asked.minutes, progress=False,
                )  # fmt: skip
                figures = run.evaluate(folder / "test")
                shown = {
                    key: figures[key] for key in ("accuracy", "exact_match", "symbol_error_rate") if key in figures
                }
                print(name, "seed", seed, shown, flush=True)
        recipe_of("voice", folder / "voices")(folder / "voice", asked.minutes, Quiet())
        print("voice", (folder / "voice" / "evaluation.json").read_text(), flush=True)


if __name__ == "__main__":
    main()
