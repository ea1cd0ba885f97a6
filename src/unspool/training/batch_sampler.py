"""The batches of training, epoch after epoch."""

from __future__ import annotations

from unspool.data.buckets import Batches, epoch_batches
from unspool.data.corpus import Corpus, collate
from unspool.training.progress import Progress
from unspool.types import Batch


class BatchSampler:
    """Batches of a corpus: the same ones for the same seed and epoch."""

    def __init__(self, corpus: Corpus, batch_symbols: int, seed: int) -> None:
        self.corpus, self.batch_symbols, self.seed = corpus, batch_symbols, seed
        self._epoch, self._batches = 0, self._shuffled(0)

    def __len__(self) -> int:
        """The number of batches in the first epoch; later epochs may have a few more or less."""
        return len(self._batches)

    def take(self, progress: Progress, most: int) -> list[Batch]:
        """The next batches, at most `most` and all of one epoch; `progress` is advanced."""
        if progress.epoch != self._epoch:
            self._epoch, self._batches = progress.epoch, self._shuffled(progress.epoch)
        stop = min(progress.batch + most, len(self._batches))
        group = [collate(self.corpus, self._batches[number]) for number in range(progress.batch, stop)]
        progress.batch = stop
        if stop == len(self._batches):
            progress.epoch, progress.batch = progress.epoch + 1, 0
        return group

    def _shuffled(self, epoch: int) -> Batches:
        return epoch_batches(self.corpus, self.batch_symbols, self.seed, epoch)
