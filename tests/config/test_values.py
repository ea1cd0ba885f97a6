"""Plain values: from a file, from `--set`, from single flags; later ones win."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from unspool.config.values import assign, configuration, merged, read_config
from unspool.errors import Mistake


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("training.epochs=5", {"training": {"epochs": 5}}),
        ("training.learning_rate = 1e-3", {"training": {"learning_rate": 1e-3}}),
        ("model.copying=true", {"model": {"copying": True}}),
        ("model.score=dot", {"model": {"score": "dot"}}),
        ('data.columns="source=1,target=2"', {"data": {"columns": "source=1,target=2"}}),
        ("data.columns=source=1,target=2", {"data": {"columns": "source=1,target=2"}}),
        ("seed=7", {"seed": 7}),
    ],
)
def test_an_assignment_is_read_as_toml_or_else_as_text(text: str, values: dict[str, Any]) -> None:
    found: dict[str, Any] = {}
    assign(found, text)
    assert found == values


@pytest.mark.parametrize("text", ["training.epochs", "=5", " =5"])
def test_what_is_no_assignment_is_a_mistake(text: str) -> None:
    with pytest.raises(Mistake, match=r"not of the form section\.key=value"):
        assign({}, text)


def test_a_key_below_a_single_setting_is_a_mistake() -> None:
    with pytest.raises(Mistake, match=r"'seed' is a single setting, so there is no 'seed\.x'"):
        configuration(None, ["seed=7", "seed.x=1"], {})


def test_a_model_may_be_named_before_and_after_its_settings() -> None:
    named = {"model": {"name": "gnmt", "residual": False}}
    assert configuration(None, ["model=gnmt", "model.residual=false"], {}) == named
    assert configuration(None, ["model.residual=false"], {"model.name": "gnmt"}) == named


def test_later_values_win_and_what_is_not_given_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "run.toml").write_text("seed = 1\n[training]\nepochs = 1\npatience = 1\n[model]\nname = 'gnmt'\n")
    given = {"training.epochs": None, "seed": 3, "training": {"clip_norm": 0.5}, "device": None}
    assert configuration(tmp_path / "run.toml", ["training.epochs=2", "seed=2"], given) == {
        "seed": 3,
        "training": {"epochs": 2, "patience": 1, "clip_norm": 0.5},
        "model": {"name": "gnmt"},
    }


def test_changes_go_on_top_section_by_section() -> None:
    values = {"seed": 1, "training": {"epochs": 1, "patience": 2}, "data": {"window": 3}}
    assert merged(values, {"training": {"epochs": 5}, "seed": 2, "decoding": {"beam": 3}}) == {
        "seed": 2, "training": {"epochs": 5, "patience": 2}, "data": {"window": 3}, "decoding": {"beam": 3},
    }  # fmt: skip
    assert values["training"] == {"epochs": 1, "patience": 2}


@pytest.mark.parametrize("content", [b"seed = yes", b"[training\n", b"name = '\xff'"])
def test_a_file_that_is_no_toml_is_a_mistake(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "run.toml").write_bytes(content)
    with pytest.raises(Mistake, match=r"run\.toml is not valid TOML"):
        read_config(tmp_path / "run.toml")


def test_a_file_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="no configuration file"):
        read_config(tmp_path / "run.toml")


def test_a_byte_order_mark_and_carriage_returns_are_no_part_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xef\xbb\xbfseed = 3\r\n[training]\r\nepochs = 5\r\n")
    assert read_config(tmp_path / "a.toml") == {"seed": 3, "training": {"epochs": 5}}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a = " + b"[" * 2000 + b"]" * 2000, "nested too deeply"),
        (b"a" + b".a" * 100_000 + b" = 1", "no file of settings"),
        (b"a = " + b"9" * 4000 + b"9" * 2000, "no file of settings"),
        (b"a = 1\n" * 100_000, "no file of settings"),
        ("a = '안'".encode("utf-16"), "not valid TOML"),
    ],
)
def test_a_file_that_is_no_configuration_is_said_soon(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(content)
    with pytest.raises(Mistake, match=said):
        read_config(tmp_path / "a.toml")
    with pytest.raises(Mistake, match="cannot be read"):
        read_config(tmp_path)


def test_an_assignment_has_an_end() -> None:
    with pytest.raises(Mistake, match="longer than"):
        assign({}, "a" + ".a" * 100_000 + "=1")
    values: dict[str, object] = {}
    assign(values, "seed=" + "[" * 1500)
    assert values["seed"] == "[" * 1500
