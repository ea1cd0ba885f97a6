"""The jobs of all toolkits: the same symbols, sizes and batches.

g2p        CMUdict (split g014b2b), letters to phonemes: LSTM, batches of 128 words
multi30k   German to English, 8,000 subwords for both: GRU, batches of 64 sentences
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks.speed import subwords

Pairs = list[tuple[str, str]]
NAMES = ("g2p", "multi30k")
DEV_LINES = 1000  # the number of pairs for the loss on held-out data
WORD_ENDS = "▁"


@dataclass(frozen=True)
class Job:
    """Pairs of symbols separated by spaces, and the sizes of the networks.

    size: size of the decoder, of the attention, and of both directions of the encoder together
    batch: pairs in an update
    halve_every: updates after which the learning rate is halved; None: it is constant
    """

    task: str
    cell: Literal["lstm", "gru"]
    size: int
    batch: int
    train: Pairs
    dev: Pairs
    embedding: int = 256
    layers: int = 1
    dropout: float = 0.0
    learning_rate: float = 1e-3
    clip_norm: float = 1.0
    halve_every: int | None = None

    @property
    def name(self) -> str:
        """Its name in files and tables."""
        return f"{self.task}-{self.size}"

    @property
    def folder(self) -> str:
        """The name of its folder, with the number of pairs, on which vocabularies depend."""
        return f"{self.name}-{len(self.train)}"

    def questions(self, most: int) -> dict[str, list[str]]:
        """The first distinct sources of the held-out data, with all their references."""
        answers: dict[str, list[str]] = {}
        for source, target in self.dev:
            answers.setdefault(source, []).append(target)
        return dict(list(answers.items())[:most])

    def quality(self, answers: Sequence[str]) -> tuple[str, float]:
        """The quality of a toolkit's answers to the first questions: WER of words in percent, or BLEU."""
        asked = list(self.questions(len(answers)).values())
        if self.task == "g2p":
            wrong = sum(answer.strip() not in right for answer, right in zip(answers, asked, strict=True))
            return "WER %", 100 * wrong / len(asked)
        import sacrebleu

        references = [[text(right[0]) for right in asked]]
        return "BLEU", sacrebleu.corpus_bleu([text(answer) for answer in answers], references).score


def job(name: str, data: Path, size: int) -> Job:
    """Read the data of a job from `data`, the folder that holds the folders g2p and multi30k."""
    if name == "g2p":
        table = data / "g2p" / "cmudict-g014b2b"
        return Job("g2p", "lstm", size, 128, _spelled(Path(f"{table}.train.tsv")), _spelled(Path(f"{table}.dev.tsv")))
    folder = data / "multi30k"
    sides = {f"{part}.{side}": _texts(folder / f"{part}.{side}") for part in ("train", "val") for side in ("de", "en")}
    pieces = subwords.cut(sides, learn_from=("train.de", "train.en"))
    train, dev = (list(zip(pieces[f"{part}.de"], pieces[f"{part}.en"], strict=True)) for part in ("train", "val"))
    return Job("multi30k", "gru", size, 64, train, dev)


def text(pieces: str) -> str:
    """From subwords to the sentence."""
    return pieces.replace(" ", "").replace(WORD_ENDS, " ").strip()


def write(job: Job, folder: Path, questions: int) -> None:
    """Write two files with a sequence on each line, tables for ours, and the vocabularies of both sides."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, pairs in (("train", job.train), ("dev", job.dev[:DEV_LINES])):
        put(folder / f"{part}.source", (source for source, _ in pairs))
        put(folder / f"{part}.target", (target for _, target in pairs))
        put(folder / f"{part}.tsv", ("\t".join(pair) for pair in pairs))
    put(folder / "questions.source", job.questions(questions))
    put(folder / "source.vocabulary", vocabulary(source for source, _ in job.train))
    put(folder / "target.vocabulary", vocabulary(target for _, target in job.train))


def vocabulary(lines: Iterable[str]) -> list[str]:
    """The symbols, the most frequent first."""
    counts = Counter(symbol for line in lines for symbol in line.split())
    return sorted(counts, key=lambda symbol: (-counts[symbol], symbol))


def put(path: Path, lines: Iterable[str]) -> None:
    """Write a file of lines."""
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _spelled(path: Path) -> Pairs:
    rows = (line.split("\t") for line in _lines(path))
    return [(" ".join(word), sounds) for word, sounds in rows]


def _texts(path: Path) -> list[str]:
    """Lines with single spaces, because a tab inside a text would separate columns of a table."""
    return [" ".join(line.split()) for line in _lines(path)]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()
