import json
import os

import pytest

from broken_code import PYTHON_TEXT
from unspool.cli.recipe_screen import RecipeScreen
from unspool.errors import Mistake
from unspool.model import load
from unspool.recipes import repair, repair_stages
from unspool.recipes.registry import finished, recipe_of
from unspool.repair.fixer import read_symbols
from unspool.repair.programs import read_programs

TINY = {
    **repair.SETTINGS,
    "model": {"name": "luong", "embedding_size": 8, "encoder_size": 8, "decoder_size": 8},
}


@pytest.fixture
def programs(tmp_path):
    """A file of functions that differ in their names, and one that does not parse."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number}.py").write_text(PYTHON_TEXT.replace("area", f"area{number}"))
    return folder


def test_the_recipe_leaves_a_model_that_repairs_without_pytorch(programs, tmp_path, monkeypatch):
    monkeypatch.setattr(repair, "SETTINGS", TINY)
    monkeypatch.setattr(repair, "TESTED", 4)
    monkeypatch.setattr(repair, "ROUNDS", 1)  # a second one would be as the first
    monkeypatch.setattr(repair, "SHARES", {"fixer": 0.4, "breaker": 0.1, "round": 0.2})
    monkeypatch.setattr(repair_stages, "POOL", 6)
    out = tmp_path / "out"
    text = recipe_of("repair", programs)(out, 0.01, RecipeScreen())
    assert "commonest edit" in text
    found = json.loads((out / "evaluation.json").read_text())
    assert found["n"] == 4 and {"round_0", "delete_line", "compiles", "exact_match"} <= found.keys()
    assert "ONNX" in load(out).engine
    assert read_symbols(out).language.name == "python"
    assert finished("repair", out, programs, 0.01) == text
    assert finished("repair", out, programs, 1.0) is None
    assert sorted(os.listdir(out / "rounds")) == ["0", "breaker-1"]


def test_parts_share_no_file(programs):
    found = read_programs(programs, print)
    keys = [{one.key for one in part} for part in found[1:]]
    assert not keys[0] & keys[1] and not keys[0] & keys[2] and all(keys)


def test_pairs_are_read_from_jsonl(tmp_path):
    path = tmp_path / "pairs.jsonl"
    path.write_text("".join(json.dumps({"broken": f"int a{n}", "fixed": f"int a{n};"}) + "\n" for n in range(30)))
    found = read_programs(path, print)
    assert found.language.name == "c" and found.train[0].broken


@pytest.mark.parametrize("content", ["nonsense", '{"x": 1}\n', '{"fixed": "int a;"}\n', "[1]"])
def test_what_holds_no_programs_is_refused_in_one_line(tmp_path, content):
    path = tmp_path / "pairs.jsonl"
    path.write_text(content)
    with pytest.raises(Mistake):
        read_programs(path, print)
    with pytest.raises(Mistake):
        read_programs(tmp_path / "nothing", print)


def test_a_folder_without_sources_is_refused(tmp_path):
    with pytest.raises(Mistake, match="no files that end"):
        read_programs(tmp_path, print)
