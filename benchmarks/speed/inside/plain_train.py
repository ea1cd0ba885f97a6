"""Simple recurrent networks in plain PyTorch, trained with a line for every update.

python plain_train.py text|label|tags TABLE SIZE BUDGET UPDATES fp32|bf16
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

Example = tuple[list[int], list[int]]
EMBEDDING, WINDOW, LAYERS = 128, 256, {"text": 2, "label": 1, "tags": 1}
IGNORED = -100  # ignored by the loss
RATE, CLIP = 1e-3, 1.0


class Plain(nn.Module):
    """Embedding, LSTM, linear. Running text has two layers in one direction, all else one bidirectional layer."""

    def __init__(self, form: str, symbols: int, classes: int, size: int) -> None:
        super().__init__()
        self.form, both = form, form != "text"
        self.embedding = nn.Embedding(symbols, EMBEDDING)
        width = size // 2 if both else size
        self.lstm = nn.LSTM(EMBEDDING, width, LAYERS[form], batch_first=True, bidirectional=both)
        self.output = nn.Linear(size, classes)

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """Logits for `[B, T]` ids: one each, or one for a text."""
        x = self.embedding(ids)
        if self.form == "text":  # windows of one length
            return self.output(self.lstm(x)[0])  # type: ignore[no-any-return]
        packed, (last, _) = self.lstm(pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False))
        if self.form == "label":
            return self.output(torch.cat([last[0], last[1]], -1)).unsqueeze(1)  # type: ignore[no-any-return]
        return self.output(pad_packed_sequence(packed, batch_first=True)[0])  # type: ignore[no-any-return]


def examples(form: str, path: Path) -> tuple[list[Example], int, int]:
    """Ids of sources and targets, and the sizes of both vocabularies."""
    text = path.read_text(encoding="utf-8")
    if form == "text":
        ids = numbered(text)
        coded = [ids[letter] for letter in text]
        starts = range(0, len(coded) - WINDOW - 1, WINDOW)
        return [(coded[at : at + WINDOW], coded[at + 1 : at + WINDOW + 1]) for at in starts], len(ids), len(ids)
    rows = [line.split("\t")[:2] for line in text.splitlines()]
    targets = [target.split() if form == "tags" else [target] for _, target in rows]
    letters, classes = numbered("".join(source for source, _ in rows)), numbered([t for each in targets for t in each])
    coded_rows = zip(rows, targets, strict=True)
    pairs = [([letters[each] for each in row[0]], [classes[each] for each in target]) for row, target in coded_rows]
    return pairs, len(letters), len(classes)


def numbered(symbols: str | list[str]) -> dict[str, int]:
    """An id for each symbol."""
    return {symbol: number for number, symbol in enumerate(sorted(set(symbols)))}


def batches(form: str, pairs: list[Example], budget: int) -> Iterator[list[Example]]:
    """Batches of similar lengths, within a budget of symbols (a text is its own source), epoch after epoch."""
    ordered = sorted(pairs, key=lambda pair: len(pair[0]))
    groups, group = [], list[Example]()
    for pair in ordered:
        symbols = len(pair[1]) + (len(pair[0]) if form != "text" else 0)
        if group and (len(group) + 1) * symbols > budget:
            groups.append(group)
            group = []
        group.append(pair)
    groups.append(group)
    while True:
        random.shuffle(groups)
        yield from groups


def main() -> None:
    form, table, size, budget, updates, precision = sys.argv[1:]
    random.seed(1)
    torch.manual_seed(1)
    pairs, symbols, classes = examples(form, Path(table))
    model = Plain(form, symbols, classes, int(size))
    adam = torch.optim.Adam(model.parameters(), RATE, fused=True)
    for update, batch in zip(range(1, int(updates) + 1), batches(form, pairs, int(budget)), strict=False):
        sources, targets = zip(*batch, strict=True)
        ids = pad_sequence([torch.tensor(source) for source in sources], batch_first=True)
        right = pad_sequence([torch.tensor(target) for target in targets], batch_first=True, padding_value=IGNORED)
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            logits = model(ids, torch.tensor([len(source) for source in sources]))
            loss = nn.functional.cross_entropy(logits.flatten(0, 1), right.flatten(), ignore_index=IGNORED)
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        adam.step()
        print(f"update {update} symbols {sum(map(len, targets))} nll {loss.item():.4f}", flush=True)


if __name__ == "__main__":
    main()
