"""The interface of toolkits: how to install one, train with it, decode with it, and read its output."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.speed.jobs import Job

PEERS = Path(__file__).parents[2] / ".peers"
INSIDE = Path(__file__).parents[1] / "inside"  # scripts that run in the environment of a toolkit


@dataclass(frozen=True)
class Plan:
    """The length of a training: the number of updates, and the intervals of reports and checkpoints."""

    updates: int
    report_every: int
    save_every: int


@dataclass(frozen=True)
class Reading:
    """The figures of one line of a training log, for the updates since the line before.

    loss: nats a target symbol
    symbols: target symbols an update, EOS included, padding excluded; or None, and then
    rate: target symbols a second
    """

    update: int
    loss: float
    symbols: float | None = None
    rate: float | None = None


@dataclass(frozen=True)
class Shipped:
    """A model that is ready to decode, with the name of its row."""

    name: str
    model: Path


class Tool(Protocol):
    """A toolkit, or one way to use it.

    name:    its name in tables
    home:    the name of its virtual environment below `benchmarks/.peers`
    install: arguments of `pip install`, one call after another
    package: the package whose version is in tables
    batches: numbers of sources decoded together, from which the fastest is chosen
    longer:  the factor of updates that it needs to learn as much as the others
    """

    name: str
    home: str
    install: tuple[tuple[str, ...], ...]
    package: str
    batches: tuple[int, ...]
    longer: int

    def prepare(self, job: Job, data: Path, folder: Path, plan: Plan) -> None:
        """Write its input files into `folder`; `data` holds the job's files."""

    def training(self, folder: Path) -> list[str]:
        """The command that trains."""

    def reading(self, line: str) -> Reading | None:
        """Speed and loss in a line of its log."""

    def held_out(self, line: str) -> float | None:
        """The loss on held-out data in nats a target symbol, if the line has it."""

    def checkpoints(self, folder: Path) -> list[Path]:
        """Its checkpoints, the oldest first."""

    def shipped(self, folder: Path) -> list[Shipped]:
        """Its models for decoding."""

    def decoding(self, shipped: Shipped, source: Path, answers: Path, beam: int, batch: int) -> list[str]:
        """The command that decodes a file of sources; answers are symbols separated by spaces."""

    def one_at_a_time(self, shipped: Shipped, source: Path, beam: int) -> list[str] | None:
        """The command that answers each line separately and prints "milliseconds [...]"; None if there is none."""

    def seconds(self, printed: str) -> float | None:
        """The time of decoding alone that it prints, or None if it prints none."""


def program(home: str, name: str = "python") -> str:
    """A program of a peer's virtual environment."""
    return str(PEERS / home / "bin" / name)


def update_of(checkpoint: Path) -> int:
    """The update in the name of a checkpoint, as in model_step_250.pt."""
    return int("".join(filter(str.isdigit, checkpoint.stem.split("_")[-1])))


def by_number(paths: list[Path]) -> list[Path]:
    """Checkpoints, the oldest first."""
    return sorted(paths, key=update_of)
