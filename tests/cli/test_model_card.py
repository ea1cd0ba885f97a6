"""What a model looks like on a terminal of 80 columns."""

from __future__ import annotations

import unicodedata

import pytest

from keyboard import Shell
from unspool.cli.model_card import part_lines, wrapped
from unspool.explain.parts import NetworkPart
from unspool.models.registry import models


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


@pytest.mark.parametrize("name", models())
def test_a_model_is_described_within_80_columns(name: str, shell: Shell) -> None:
    said = shell("describe", name)
    assert said.code == 0 and max(map(columns, said.out.splitlines())) <= 80, said.out
    assert models()[name].paper in said.out and f"{models()[name].parameters:,} parameters" in said.out
    assert "니다." in said.out and "└─ head" in said.out


def test_korean_is_broken_where_it_would_be_too_wide() -> None:
    text = "가나다라 " * 40
    lines = list(wrapped(text))
    assert " ".join(lines) == text.strip() and all(70 < columns(line) <= 80 for line in lines[:-1])


def test_a_tree_is_drawn_with_its_columns_below_each_other() -> None:
    inner = NetworkPart("inner", "Cell", ("B", "8"), 1_000)
    lines = list(part_lines([NetworkPart("one", "Stack", ("B", "S", "8"), 2_000, 3, [inner, inner]), inner]))
    assert [line[:10].rstrip() for line in lines] == ["├─ one", "│  ├─ inne", "│  └─ inne", "└─ inner"]
    assert {len(line) for line in lines} == {80} and {line.index("[") for line in lines} == {lines[0].index("[")}
    assert lines[0].endswith("3 × 2,000") and lines[1].endswith(" 1,000")


def test_what_is_neither_a_file_nor_a_model_names_the_nearest_model(shell: Shell) -> None:
    said = shell("describe", "loung")
    assert said.code == 2 and "no file, folder or model named loung" in said.err and "Did you mean 'luong'?" in said.err
