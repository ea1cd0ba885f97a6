"""A browser's dictionary lacks only lines that its network does not need."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest
from benchmarks.quality.g2p_en_learned import is_learned, learned_of, network_of

from servers import exported
from unspool.data.sorted_table import SortedTable, read_sorted_table, sorted_table_bytes
from unspool.export.web_dictionary import LEARNED, read_learned, web_dictionary, write_learned
from unspool.export.web_model import web_model
from unspool.loading import load_predictor
from unspool.named_models import BUNDLED

# The first word is answered alike, the second otherwise; the third has two answers, the first of them the network's.
SOURCES = ["abc", "bad", "fade"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An exported model with a dictionary of three sources."""
    folder = Path(shutil.copytree(exported("luong"), tmp_path / "model"))
    says = [one.text for one in load_predictor([folder]).predict(SOURCES)]
    entries = [("abc", says[0]), ("bad", "feed"), ("fade", says[2]), ("fade", "feed")]
    assert says[1] != "feed"
    (folder / "dictionary.tsv.gz").write_bytes(sorted_table_bytes(entries))
    return folder


def table_of(folder: Path) -> dict[str, tuple[str, ...]]:
    content = web_dictionary(folder)
    assert content is not None
    return dict(SortedTable(gzip.decompress(content)))


def test_a_source_with_one_answer_that_the_network_gives_is_learned(folder: Path) -> None:
    assert learned_of(folder) == [True, False, False]
    write_learned(folder, [True, False, False])
    found = read_learned(folder)
    assert found is not None and found.tolist() == [True, False, False]


def test_a_learned_source_stays_at_home_and_has_the_same_answer(folder: Path) -> None:
    before = [one.text for one in load_predictor([folder]).predict(SOURCES)]
    write_learned(folder, learned_of(folder))
    assert list(table_of(folder)) == ["bad", "fade"] and len(table_of(folder)["fade"]) == 2
    packed = web_model("model", folder).files["dictionary.tsv.gz"]
    assert packed == web_dictionary(folder)
    (folder / LEARNED).unlink()
    (folder / "dictionary.tsv.gz").write_bytes(packed)
    assert [one.text for one in load_predictor([folder]).predict(SOURCES)] == before


@pytest.mark.parametrize("changed", [LEARNED, "dictionary.tsv.gz", "step.onnx", "target.tokenizer.json"])
def test_bits_of_other_files_leave_the_dictionary_whole(folder: Path, changed: str) -> None:
    write_learned(folder, [True, False, False])
    content = (folder / changed).read_bytes()
    other = sorted_table_bytes([("a", "a")]) if changed.endswith(".gz") else content[:-1] + bytes([content[-1] ^ 1])
    (folder / changed).write_bytes(other)
    assert read_learned(folder) is None
    assert web_dictionary(folder) == (folder / "dictionary.tsv.gz").read_bytes()


def test_without_a_dictionary_there_is_none() -> None:
    assert web_dictionary(exported("luong")) is None


def test_what_is_left_out_of_the_model_of_the_package_its_network_knows() -> None:
    folder = BUNDLED / "g2p-en"
    whole, learned, network = read_sorted_table(folder / "dictionary.tsv.gz"), read_learned(folder), network_of(folder)
    assert learned is not None, "make it anew: python -m benchmarks.quality.g2p_en_learned"
    table, words = table_of(folder), list(whole)
    known = [word for word, is_known in zip(words, learned.tolist(), strict=True) if is_known]
    assert len(known) > len(words) / 2 and table.keys() == set(words) - set(known)
    assert all(table[word] == whole[word] for word in list(table)[::97])
    assert [word for word in known[::1499] if not is_learned(network, word, whole[word][0])] == []
