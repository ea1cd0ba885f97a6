"""Embeddings start from given vectors where there are any, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from unspool import folder as disk
from unspool import runs
from unspool.config import DataConfig, resolve
from unspool.data.inputs import Files
from unspool.errors import Mistake
from unspool.fields.registry import Fields
from unspool.fields.text import TextField
from unspool.models import registry
from unspool.nn.embedding import embeddings_of
from unspool.text.words import WordTokenizer
from unspool.training.vectors import start_from_vectors
from unspool.types import SPECIALS

SOURCE, TARGET = WordTokenizer.fit(["a b c"]), WordTokenizer.fit(["c d"])
FIELDS = Fields(TextField(SOURCE), TextField(TARGET, ends=True))
SETTINGS = {"name": "luong", "embedding_size": 2, "encoder_size": 4, "decoder_size": 4}


def model() -> Any:
    torch.manual_seed(0)
    return registry.build(resolve({"model": SETTINGS}).model, FIELDS.dimensions)


def table(tmp_path: Path, text: str = "a 1 2\nc 3 4\nz 5 6\n") -> str:
    (tmp_path / "some.vec").write_text(text)
    return str(tmp_path / "some.vec")


def test_rows_found_are_copied_and_the_others_stay(tmp_path: Path) -> None:
    ours, before = model(), model()
    (said,) = start_from_vectors(ours, FIELDS, DataConfig(source_vectors=table(tmp_path)))
    assert "2 of the 3 symbols of the source" in said
    weight, old = embeddings_of(ours)[0].table.weight, embeddings_of(before)[0].table.weight
    rows = [SOURCE.encode(word)[0] for word in "abc"]
    assert weight[rows[0]].tolist() == [1, 2] and weight[rows[2]].tolist() == [3, 4]
    rest = [row for row in range(len(SOURCE)) if row not in (rows[0], rows[2])]
    assert rows[1] in rest and len(rest) == len(SPECIALS) + 1
    assert torch.equal(weight[rest], old[rest])
    assert torch.equal(embeddings_of(ours)[1].table.weight, embeddings_of(before)[1].table.weight)


def test_each_side_has_a_file_of_its_own(tmp_path: Path) -> None:
    ours, path = model(), table(tmp_path)
    assert len(start_from_vectors(ours, FIELDS, DataConfig(source_vectors=path, target_vectors=path))) == 2
    assert embeddings_of(ours)[1].table.weight[TARGET.encode("c")[0]].tolist() == [3, 4]


def test_no_file_changes_nothing() -> None:
    ours = model()
    assert start_from_vectors(ours, FIELDS, DataConfig()) == []
    assert torch.equal(embeddings_of(ours)[0].table.weight, embeddings_of(model())[0].table.weight)


def test_a_file_without_any_of_the_symbols_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="none of the 3 symbols of the source"):
        start_from_vectors(model(), FIELDS, DataConfig(source_vectors=table(tmp_path, "z 1 2\n")))


def test_vectors_of_another_width_are_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=r"have 3 numbers each"):
        start_from_vectors(model(), FIELDS, DataConfig(source_vectors=table(tmp_path, "a 1 2 3\n")))


@pytest.mark.parametrize(("given", "share"), [(None, 1.0), (3.0, 3.0)])
def test_they_are_not_forgotten_faster_than_anything_else_unless_someone_asks(
    pairs: Path, tmp_path: Path, given: float | None, share: float
) -> None:
    training = {"max_updates": 1} | ({} if given is None else {"embedding_rate": given})
    data = {"source_tokenizer": "chars", "source_vectors": table(tmp_path)}
    values = {"model": SETTINGS, "training": training, "data": data}
    runs.begin(Files((pairs,)), tmp_path / "run", values, on_report=lambda _: None, on_message=lambda _: None)
    assert disk.read_run(tmp_path / "run")[0].training.embedding_rate == share
