"""What `unspool describe` says of a table."""

from __future__ import annotations

from pathlib import Path

from keyboard import Shell


def test_what_there_is_one_of_is_said_in_the_singular(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("a\tbc\n")
    said = shell("describe", tmp_path / "a.tsv").out
    assert " 1 character; scripts" in said and " 2 characters; scripts" in said


def test_sequences_are_described_with_their_features_and_labels(shell: Shell, tmp_path: Path) -> None:
    for label, slope in (("up", 1), ("down", -1)):
        (tmp_path / "lines" / label).mkdir(parents=True)
        for number in range(20):
            rows = "".join(f"{slope * step},7\n" for step in range(number + 1))
            (tmp_path / "lines" / label / f"{number}.csv").write_text(rows)
    said = shell("describe", tmp_path / "lines")
    assert said.code == 0
    for shown in (
        "sequences              40",
        "real values, 2 a step",
        "1 to 20",
        "down 20  up 20",
        "--model classifier",
    ):
        assert shown in said.out
    assert "Features of the source that never change: 1." in said.out and "a single step" in said.out


def test_a_folder_without_sequences_is_taken_for_a_model(shell: Shell, tmp_path: Path) -> None:
    said = shell("describe", tmp_path)
    assert said.code == 2 and "run.json" in said.err
