"""The runner of samples finds them, runs them, and fails where they fail."""

from __future__ import annotations

import pytest

import documented
from documented import Desk, Page, blocks_of, commands_in, unknown_flags

PAGE = """# A page

```bash
echo ten > count.txt
```

<!-- not run: needs a network -->
```bash
curl example.org
```

<!-- long: 5 minutes -->

```python
slow()
```

```text
not a sample
```

```python
count = open("count.txt").read().strip()
```

```python
assert count == "ten"
```

```console
$ test -f count.txt && \\
>   echo yes
yes
```
"""


def test_blocks_come_with_their_line_language_and_remark() -> None:
    assert [(block.line, block.language, block.remark) for block in blocks_of(PAGE)] == [
        (4, "bash", ""),
        (9, "bash", "not run: needs a network"),
        (15, "python", "long: 5 minutes"),
        (23, "python", ""),
        (27, "python", ""),
        (31, "console", ""),
    ]


def test_the_last_sample_runs_alone_because_those_before_it_run_first(tmp_path) -> None:
    page = Page("page.md", PAGE, tmp_path)
    page.run(page.blocks[-1])
    assert (tmp_path / "count.txt").read_text() == "ten\n"
    assert page.desk.names["count"] == "ten"


WRITING = """<!-- file: src/unspool/more.py -->
```python
MORE = {
}
```

<!-- line: src/unspool/more.py, below MORE = { -->
```python
    "one": 1,
```

```bash
python -c 'import unspool.more; print(unspool.more.__file__, unspool.more.MORE["one"])' > said.txt
```
"""


def test_a_page_that_changes_the_package_runs_in_a_copy_of_it(tmp_path) -> None:
    page = Page("page.md", WRITING, tmp_path)
    page.run(page.blocks[-1])
    assert (tmp_path / "said.txt").read_text() == f"{tmp_path / 'src/unspool/more.py'} 1\n"
    assert not (documented.REPOSITORY / "src/unspool/more.py").exists()


def test_words_that_tests_add_belong_to_the_last_command(tmp_path) -> None:
    text = "<!-- tests add: short > said.txt -->\n```bash\ntrue\necho long\n```\n"
    page = Page("page.md", text, tmp_path)
    page.run(page.blocks[0])
    assert (tmp_path / "said.txt").read_text() == "long short\n"


def test_a_failing_sample_fails_with_the_line_of_its_document(tmp_path) -> None:
    page = Page("page.md", "one\n\n```python\n1 / 0\n```\n", tmp_path)
    with pytest.raises(ZeroDivisionError) as caught:
        page.run(page.blocks[0])
    assert caught.traceback[-1].lineno == 4 - 1  # pytest counts from 0


@pytest.mark.parametrize("script", ["false; true", "false | cat", "echo $missing"])
def test_a_command_that_fails_anywhere_fails_the_script(desk: Desk, script: str) -> None:
    with pytest.raises(AssertionError):
        desk.shell(script)


def test_commands_are_what_stands_behind_prompts() -> None:
    text = "Example:\n\n  $ unspool train pairs.tsv \\\n      --out x\n  done\n  $ unspool models\n"
    assert commands_in(text) == ["unspool train pairs.tsv \\\n--out x", "unspool models"]


def test_a_flag_that_no_help_mentions_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    flags = {"train": frozenset({"--out", "--model"}), "predict": frozenset({"--beam", "-n"})}
    monkeypatch.setattr(documented, "_flags_of", flags.__getitem__)
    script = "unspool train a --out x --modle=luong\ncat b | unspool predict x \\\n  --beam 5 -n 2 --bean | sort -r\n"
    assert unknown_flags(script) == ["train --modle", "predict --bean"]


def test_the_sample_data_is_the_same_every_time_and_its_tables_do_not_overlap(tmp_path) -> None:
    first, second = Desk(tmp_path / "a").folder, Desk(tmp_path / "b").folder
    tables = {name: (first / name).read_text().splitlines() for name in ("pairs.tsv", "test.tsv")}
    assert {name: (second / name).read_text().splitlines() for name in tables} == tables
    assert len(tables["pairs.tsv"]) == 200 and not set(tables["pairs.tsv"]) & set(tables["test.tsv"])
