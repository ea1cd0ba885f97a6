"""Products made once for each symbol against those made at each place: values and every gradient."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from unspool.nn.embedded import Embedded, product, time_first
from unspool.nn.embedding import Embedding
from unspool.types import PAD
from worlds import assert_same

SYMBOLS, SIZE, GATES = 5, 16, 7
IDS = torch.tensor([[2, 3, 4, 2, 2, 4], [3, 3, 2, 4, PAD, PAD], [4, PAD, PAD, PAD, PAD, PAD]])


def parts(dtype: torch.dtype = torch.float64, symbols: int = SYMBOLS) -> tuple[Embedding, nn.Linear]:
    torch.manual_seed(3)
    return Embedding(symbols, SIZE).to(dtype), nn.Linear(SIZE, GATES).to(dtype)


def learned(result: Tensor, *of: nn.Module) -> list[Tensor]:
    weights = torch.sin(torch.arange(result.numel()) + 1.0).view(result.shape)
    return list(torch.autograd.grad((weights * result).sum(), [p for part in of for p in part.parameters()]))


@pytest.mark.parametrize("turned", [False, True])
def test_few_symbols_give_what_their_places_give(turned: bool) -> None:
    embedding, linear = parts()
    x = embedding(IDS)
    assert isinstance(x, Embedded) and x.few()
    vectors = embedding.table(IDS)
    if turned:
        x, vectors = time_first(x), vectors.transpose(0, 1)
    found, expected = product(x, linear.weight, linear.bias), linear(vectors)
    assert_same(found, expected)
    assert_same(tuple(learned(found, embedding, linear)), tuple(learned(expected, embedding, linear)))
    assert not learned(product(x, linear.weight), embedding)[0][PAD].any()


def test_it_is_so_under_autocast() -> None:
    embedding, linear = parts(torch.float32)
    with torch.autocast("cpu", torch.bfloat16):
        found, expected = product(embedding(IDS), linear.weight, linear.bias), linear(embedding.table(IDS))
    assert found.dtype == expected.dtype == torch.bfloat16
    torch.testing.assert_close(found, expected, rtol=1e-2, atol=1e-2)
    pairs = zip(learned(found, embedding, linear), learned(expected, embedding, linear), strict=True)
    for mine, theirs in pairs:
        assert mine.dtype == torch.float32
        torch.testing.assert_close(mine, theirs, rtol=2e-2, atol=4e-2)


@pytest.mark.parametrize(("symbols", "few"), [(SYMBOLS, True), (60, False)])
def test_many_symbols_are_multiplied_where_they_stand(symbols: int, few: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    embedding, linear = parts(symbols=symbols)
    rows: list[int] = []
    plain = functional.linear
    monkeypatch.setattr(functional, "linear", lambda x, *rest: rows.append(x.shape[:-1].numel()) or plain(x, *rest))
    product(embedding(IDS), linear.weight)
    assert rows == [symbols if few else IDS.numel()]


def test_what_is_computed_from_vectors_knows_nothing() -> None:
    embedding, _ = parts()
    x = embedding(IDS)
    for computed in (x + 1, x[:, 0], x.float(), torch.cat([x, x]), functional.relu(x)):
        assert not isinstance(computed, Embedded)


def test_vectors_know_nothing_where_they_are_dropped_or_nothing_is_learned() -> None:
    embedding, _ = parts()
    dropping = Embedding(SYMBOLS, SIZE, dropout=0.5)
    assert not isinstance(dropping(IDS), Embedded)
    assert isinstance(dropping.eval()(IDS), Embedded)
    with torch.no_grad():
        assert not isinstance(embedding(IDS), Embedded)
