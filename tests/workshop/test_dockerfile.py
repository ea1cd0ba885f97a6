"""The Dockerfile and the page about it say the same, and every command in them is one of ours."""

from __future__ import annotations

import json
import re

from documented import REPOSITORY, unknown_flags
from unspool.serve.gate import OPEN

DOCKERFILE = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8")
PAGE = (REPOSITORY / "docs" / "how-to" / "serve.md").read_text(encoding="utf-8")


def words_of(instruction: str) -> list[str]:
    """The words of an instruction in its JSON form."""
    [found] = re.findall(rf"^ *{instruction} (\[.+\])$", DOCKERFILE, re.MULTILINE)
    return list(json.loads(found))


def test_the_container_starts_a_command_that_there_is() -> None:
    words = words_of("ENTRYPOINT")
    assert words[:2] == ["unspool", "serve"] and not unknown_flags(" ".join(words))


def test_the_container_has_no_pytorch_and_no_rights() -> None:
    assert re.findall(r"\[(\w+)\]\" \\$", DOCKERFILE, re.MULTILINE) == ["serve"]
    assert DOCKERFILE.index("USER unspool") < DOCKERFILE.index("ENTRYPOINT")


def test_the_health_check_needs_no_key() -> None:
    [path] = re.findall(r"urlopen\('http://127\.0\.0\.1:8080(/\w+)'", DOCKERFILE)
    assert path in OPEN


def test_the_page_mounts_what_the_container_serves() -> None:
    [folder] = re.findall(r"^CMD \[\"(.+)\"\]$", DOCKERFILE, re.MULTILINE)
    assert f":{folder}:ro" in PAGE and f"`{folder}`" in PAGE and f":{folder}:ro" in DOCKERFILE


def test_everything_copied_is_let_in() -> None:
    let_in = {line.removeprefix("!") for line in (REPOSITORY / ".dockerignore").read_text().splitlines()}
    copied = [
        name for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE) for name in line.split()[:-1]
    ]
    assert {*copied} <= let_in and all((REPOSITORY / name).exists() for name in copied)
