"""Products made once for each symbol against those made at each place: values and every gradient."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from unspool.kernels.embedding_product import EmbeddedSymbols, product, time_first
from unspool.kernels.switch import plain_kernels
from unspool.nn.dropout import Dropout
from unspool.nn.embedding import Embedding
from unspool.types import PAD
from worlds import assert_same

SYMBOLS, SIZE, GATES = 5, 16, 7
IDS = torch.tensor([[2, 3, 4, 2, 2, 4], [3, 3, 2, 4, PAD, PAD], [4, PAD, PAD, PAD, PAD, PAD]])


def parts(dtype: torch.dtype = torch.float64, symbols: int = SYMBOLS) -> tuple[Embedding, nn.Linear]:
    torch.manual_seed(3)
    return Embedding(symbols, SIZE).to(dtype), nn.Linear(SIZE, GATES).to(dtype)


def learned(result: Tensor, *of: nn.Module) -> list[Tensor]:
    """The gradients of a full backward pass, which is where they are made once for each symbol."""
    parameters = [parameter for part in of for parameter in part.parameters()]
    for parameter in parameters:
        parameter.grad = None
    weighed(result).backward()
    return [parameter.grad.clone() for parameter in parameters]


def weighed(result: Tensor) -> Tensor:
    return (torch.sin(torch.arange(result.numel()) + 1.0).view(result.shape) * result).sum()


@pytest.mark.parametrize("turned", [False, True])
def test_few_symbols_give_what_their_places_give(turned: bool) -> None:
    embedding, linear = parts()
    x = embedding(IDS)
    assert isinstance(x, EmbeddedSymbols) and x.is_worth_sharing()
    vectors = embedding.table(IDS)
    if turned:
        x, vectors = time_first(x), vectors.transpose(0, 1)
    found, expected = product(x, linear.weight, linear.bias), linear(vectors)
    assert_same(found, expected)
    assert_same(tuple(learned(found, embedding, linear)), tuple(learned(expected, embedding, linear)))
    assert not learned(product(embedding(IDS), linear.weight), embedding)[0][PAD].any()


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
        assert not isinstance(computed, EmbeddedSymbols)


def test_vectors_know_nothing_where_they_are_dropped_or_nothing_is_learned() -> None:
    embedding, _ = parts()
    dropping = Embedding(SYMBOLS, SIZE, Dropout(0.5))
    assert not isinstance(dropping(IDS), EmbeddedSymbols)
    assert isinstance(dropping.eval()(IDS), EmbeddedSymbols)
    with torch.no_grad():
        assert not isinstance(embedding(IDS), EmbeddedSymbols)


def test_a_full_backward_pass_gives_the_vectors_nothing_unless_they_retain_it() -> None:
    embedding, linear = parts()
    gradients = []
    for retain in (False, True):
        x = embedding(IDS)
        if retain:
            x.retain_grad()
        gradients.append(learned(product(time_first(x), linear.weight, linear.bias), embedding, linear))
    assert_same(tuple(gradients[0]), tuple(gradients[1]))
    assert x.grad is not None
    vectors = embedding.table(IDS).detach().requires_grad_()
    weighed(linear(vectors.transpose(0, 1))).backward()
    assert_same(x.grad, vectors.grad)


@pytest.mark.parametrize("asked", ["vectors", "both", "a hook"])
def test_vectors_get_their_gradient_when_it_is_asked_for(asked: str) -> None:
    embedding, linear = parts()
    vectors = embedding.table(IDS)
    expected = torch.autograd.grad(weighed(linear(vectors)), [vectors, embedding.table.weight])
    x, seen = embedding(IDS), list[Tensor]()
    loss = weighed(product(x, linear.weight, linear.bias))
    if asked == "a hook":
        x.register_hook(seen.append)
        loss.backward()
        seen.append(embedding.table.weight.grad)
    else:
        seen += torch.autograd.grad(loss, [x, embedding.table.weight][: 2 if asked == "both" else 1])
    assert_same(tuple(seen), tuple(expected[: len(seen)]))


def test_plain_kernels_share_nothing() -> None:
    embedding, _ = parts()
    with plain_kernels():
        assert not isinstance(embedding(IDS), EmbeddedSymbols)
