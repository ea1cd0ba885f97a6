"""The tasks: their files below a folder of data, the words of their command, and the figure that counts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["text", "label"]
INFLECTION = ("--columns", "source=1:chars+2:tags,target=3:chars")
DOCUMENTS = ("--columns", "source=text,target=label")


@dataclass(frozen=True)
class Task:
    """One task. train, dev: a table, or the files of sources and of targets."""

    train: tuple[str, ...]
    dev: tuple[str, ...]
    figure: str
    kind: Kind = "text"
    words: tuple[str, ...] = ()

    def training(self, data: Path) -> list[str]:
        """The words of `unspool train` that name the data."""
        train, dev = ([str(data / file) for file in files] for files in (self.train, self.dev))
        if len(train) == 1:
            return [*train, "--valid", *dev, *self.words]
        return ["--source", train[0], "--target", train[1], "--valid-source", dev[0], "--valid-target", dev[1]]

    def evaluation(self, data: Path) -> list[str]:
        """The words of `unspool evaluate` that name the data."""
        dev = [str(data / file) for file in self.dev]
        return dev if len(dev) == 1 else ["--source", dev[0], "--target", dev[1]]

    def missing(self, data: Path) -> list[str]:
        """Its files that are not there."""
        return [file for file in (*self.train, *self.dev) if not (data / file).exists()]


def _table(stem: str, ending: str, figure: str, kind: Kind = "text", words: tuple[str, ...] = ()) -> Task:
    return Task((f"{stem}.train.{ending}",), (f"{stem}.dev.{ending}",), figure, kind, words)


TASKS = {
    "cmudict": _table("g2p/cmudict-g014b2b", "tsv", "exact_match"),
    "eng_us": _table("g2p/sigmorphon2021.eng_us", "tsv", "exact_match"),
    "ice": _table("g2p/sigmorphon2021.ice", "tsv", "exact_match"),
    "deu": _table("inflection/sigmorphon2023.deu", "tsv", "exact_match", words=INFLECTION),
    "tur": _table("inflection/sigmorphon2023.tur", "tsv", "exact_match", words=INFLECTION),
    "multi30k": Task(
        ("multi30k/train.de", "multi30k/train.en"), ("multi30k/val.de", "multi30k/val.en"), "bleu"
    ),
    "nsmc-ko": _table("classify/nsmc-ko", "tsv", "accuracy", "label"),
    "r8": _table("classify/reuters-r8", "jsonl", "accuracy", "label", DOCUMENTS),
}  # fmt: skip
