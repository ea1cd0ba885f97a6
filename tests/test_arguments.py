"""Arguments of a wrong type are mistakes that name them; flags in messages become arguments."""

from __future__ import annotations

from pathlib import Path

import pytest

from unspool.arguments import in_python, path_of, paths_of, texts_of
from unspool.errors import Mistake


@pytest.mark.parametrize(
    ("flags", "arguments"),
    [
        ("Continue it: --resume. Replace it: --overwrite.", "Continue it: resume=True. Replace it: overwrite=True."),
        ("use --valid FILE for others", "use valid=… for others"),
        ("--from runs/x --out ANOTHER", "start_from runs/x out=…"),
        ("use --columns source=a,target=b; give", 'use columns="source=a,target=b"; give'),
        ("--columns 'source=1:chars+2:tags,target=3'", 'columns="source=1:chars+2:tags,target=3"'),
        ("--set training.epochs=5.", 'settings={"training.epochs": 5}.'),
        ("unspool train --resume --out runs/x", "unspool train --resume --out runs/x"),
        ("a -- b, 3 --", "a -- b, 3 --"),
    ],
)
def test_flags_become_arguments_but_not_in_whole_commands(flags: str, arguments: str) -> None:
    assert in_python(flags) == arguments


def test_paths_and_texts_are_taken_and_other_types_are_named() -> None:
    assert paths_of("a", "path") == [path_of(Path("a"), "path")] == [Path("a")]
    assert paths_of(("a", Path("b")), "path") == [Path("a"), Path("b")]
    assert texts_of({"a"}, "metrics") == ["a"]
    for wrong in (lambda: paths_of([5], "path"), lambda: path_of(None, "path"), lambda: paths_of(b"a", "path")):
        with pytest.raises(Mistake, match="path must be a path, not a"):
            wrong()
    with pytest.raises(Mistake, match="metrics must be a list of texts, not a str"):
        texts_of("exact_match", "metrics")
