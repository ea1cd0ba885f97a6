"""What a benchmark asks of every toolkit: how to install it, train with it, decode with it, and read what it prints."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.speed.jobs import Job

PEERS = Path(__file__).parents[2] / ".peers"
INSIDE = Path(__file__).parents[1] / "inside"  # scripts that run in a toolkit's own environment


@dataclass(frozen=True)
class Plan:
    """How long to train: so many updates, a report after every few, a checkpoint after some."""

    updates: int
    report_every: int
    save_every: int


@dataclass(frozen=True)
class Reading:
    """What one line of a training log says about the updates since the line before.

    loss: nats a target symbol
    symbols: target symbols an update, EOS counted and padding not; or None, and then
    rate: target symbols a second
    """

    update: int
    loss: float
    symbols: float | None = None
    rate: float | None = None


@dataclass(frozen=True)
class Shipped:
    """A model ready to decode with, under the name of its row."""

    name: str
    model: Path


class Tool(Protocol):
    """A toolkit, or one way to use it.

    name:    as tables call it
    home:    the name of its virtual environment below `benchmarks/.peers`
    install: arguments of `pip install`, one call after another
    package: the package whose version tables give
    batches: sources decoded together: sizes from which it may choose its best
    longer:  it needs so many times the updates of the others to learn as much
    """

    name: str
    home: str
    install: tuple[tuple[str, ...], ...]
    package: str
    batches: tuple[int, ...]
    longer: int

    def prepare(self, job: Job, data: Path, folder: Path, plan: Plan) -> None:
        """Write what it reads into `folder`; `data` holds the job's files."""

    def training(self, folder: Path) -> list[str]:
        """The command that trains."""

    def reading(self, line: str) -> Reading | None:
        """What a line of its log says about speed and loss."""

    def held_out(self, line: str) -> float | None:
        """The loss on held-out data in nats a target symbol, where the line says it."""

    def checkpoints(self, folder: Path) -> list[Path]:
        """What it has saved, the oldest first."""

    def shipped(self, folder: Path) -> list[Shipped]:
        """What it offers to decode with."""

    def decoding(self, shipped: Shipped, source: Path, answers: Path, beam: int, batch: int) -> list[str]:
        """The command that decodes a file of sources; answers come as symbols with spaces between them."""

    def one_at_a_time(self, shipped: Shipped, source: Path, beam: int) -> list[str] | None:
        """The command that answers each line by itself and prints "milliseconds [...]"; None where there is none."""

    def seconds(self, printed: str) -> float | None:
        """The time of decoding alone by its own account, or None where it tells none."""


def program(home: str, name: str = "python") -> str:
    """A program of a peer's virtual environment."""
    return str(PEERS / home / "bin" / name)


def update_of(checkpoint: Path) -> int:
    """The update in the name of a checkpoint, as in model_step_250.pt."""
    return int("".join(filter(str.isdigit, checkpoint.stem.split("_")[-1])))


def by_number(paths: list[Path]) -> list[Path]:
    """Checkpoints, the oldest first."""
    return sorted(paths, key=update_of)
