"""A screen that remembers what a recipe showed on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from unspool.training.progress import Report


class Watched:
    """seen: what began and ended, in order; counted: of `total`; stop_counting: a person presses Ctrl-C meanwhile."""

    def __init__(self, *, stop_counting: bool = False) -> None:
        self.seen: list[str] = []
        self.told: list[str] = []
        self.reports = self.counted = 0
        self.total: int | None = None
        self.stop_counting = stop_counting
        self.say = self.told.append

    @contextmanager
    def training(self) -> Iterator[Callable[[Report], None]]:
        def show(report: Report) -> None:
            self.reports += 1

        with self._shown("training"):
            yield show

    @contextmanager
    def counting(self, total: int | None, what: str) -> Iterator[Callable[[int], None]]:
        def count(done: int) -> None:
            self.counted += done

        self.total = total
        with self._shown("counting"):
            if self.stop_counting:
                raise KeyboardInterrupt
            yield count

    @contextmanager
    def _shown(self, what: str) -> Iterator[None]:
        self.seen.append(f"{what} begins")
        yield
        self.seen.append(f"{what} ends")
