"""Symbols as vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn

from unspool.errors import Mistake
from unspool.nn.dropout import Dropout
from unspool.nn.embedded import embedded
from unspool.types import PAD

# A start for texts of many words and few labels: a word that is seen twice keeps about the vector that it got by
# chance, and a large one would say as much as a word that was learned.
RARE = 0.1


class Embedding(nn.Module):
    """Ids `[...]` to vectors `[..., D]`, with dropout; padding is the zero vector and learns nothing.

    std: of the random start. Vectors as large as a recurrent layer's gates need them are learned from at once: with
        `std=size**-0.5`, right where a model scales them up itself, the first hundreds of updates only make them grow.
    share: of the learning rate, by which the table learns: √D, or 1 where a model scales by √D. Adam moves every number
        by about the rate, so what layers see of a Transformer's table moves √D times as fast (Vaswani et al. 2017,
        section 3.4). At the bare rate words that are not frequent would keep their random vectors for thousands of
        updates (Yang & Hu 2021, arXiv:2011.14522: rates of embeddings should not fall as networks get wider).
    """

    def __init__(self, symbols: int, size: int, dropout: float = 0.0, std: float = 1.0) -> None:
        super().__init__()
        self.size, self.std, self.share = size, std, float(size**0.5)
        self.table = nn.Embedding(symbols, size, padding_idx=PAD)
        self.dropout = Dropout(dropout)
        nn.init.normal_(self.table.weight, std=std)
        nn.init.zeros_(self.table.weight.data[PAD])

    def counterpart(self, symbols: int, *, tied: bool) -> Embedding:
        """What embeds the other side of a pair, as wide and with the same dropout: one of its own, or this one itself.

        One table for both sides asks for one vocabulary (Press & Wolf 2017, section 3.1).
        """
        own = self.table.num_embeddings
        if tied and own != symbols:
            raise Mistake(
                f"Tied embeddings need one vocabulary, but the source has {own:,} symbols and the target {symbols:,}.",
                "Make one of both: --set data.shared_vocabulary=true, or leave model.tie_embeddings out.",
            )
        if tied:
            return self
        other = Embedding(symbols, self.size, std=self.std)
        other.dropout = self.dropout
        return other

    def forward(self, ids: Tensor) -> Tensor:
        """Look the ids up."""
        vectors: Tensor = self.table(ids)
        return self.dropout(vectors) if self.dropout.drops else embedded(vectors, ids, self.table.weight)

    if TYPE_CHECKING:
        __call__ = forward


def drop_embedded(model: nn.Module, probability: float) -> None:
    """From now on every embedding in the model drops so much of what it makes."""
    for part in embeddings_of(model):
        part.dropout = Dropout(probability)


def embeddings_of(model: nn.Module) -> list[Embedding]:
    """What a model embeds the source with and, last, what it embeds its own writing with; one where both are one."""
    return [part for part in model.modules() if isinstance(part, Embedding)]
