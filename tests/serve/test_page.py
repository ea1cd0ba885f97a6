"""The page comes from the package, whole, and asks nobody but its own server."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

import pytest
from fastapi.testclient import TestClient

from servers import service_of
from unspool.serve.keys import Keys
from unspool.serve.page import page_files

FILES = {path: file.content.decode() for path, file in page_files().items()}
SCRIPTS = {path: text for path, text in FILES.items() if path.endswith(".js")}


def test_every_file_is_sent_with_its_type_and_a_strict_policy(client: TestClient) -> None:
    assert len(FILES) > 10
    for path, text in FILES.items():
        response = client.get(path)
        assert response.status_code == 200 and response.text == text
        kinds = {".js": "text/javascript", ".css": "text/css"}
        assert response.headers["content-type"].startswith(kinds.get(PurePosixPath(path).suffix, "text/html"))
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
        assert "frame-ancestors 'none'" in policy


def test_a_file_that_the_browser_has_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/page.js")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/page.js", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304 and not again.content
    other = client.get("/page.js", headers={"If-None-Match": '"another"'})
    assert other.status_code == 200 and other.content == first.content
    assert client.get("/").headers["etag"] != first.headers["etag"]


def test_what_is_no_file_of_the_page_is_not_there(client: TestClient) -> None:
    for path in ("/index.html", "/nothing.js", "/../served.py", "/%2e%2e/__init__.py", "/__init__.py"):
        assert client.get(path).status_code == 404
    assert client.post("/page.js").status_code == 405


def test_the_page_needs_no_key_and_its_questions_do(serving: Any) -> None:
    client = serving(service=service_of("luong", keys=Keys(["secret"])))
    assert all(client.get(path).status_code == 200 for path in FILES)
    assert client.get("/v1/models").status_code == 401


def test_modules_and_styles_name_only_files_that_are_there() -> None:
    for path, text in SCRIPTS.items():
        for named in re.findall(r'from "([^"]+)"', text):
            assert named.startswith("./") and f"/{named[2:]}" in FILES, (path, named)
    index = FILES["/"]
    for named in re.findall(r'(?:src|href)="([^"]+)"', index):
        assert named == "data:," or f"/{named}" in FILES
    assert not re.search(r"<script(?![^>]*src)|<style|\son\w+=|\sstyle=", index), "nothing stands inside the document"


def test_nothing_is_fetched_from_elsewhere_and_no_text_becomes_markup() -> None:
    for path, text in FILES.items():
        addresses = set(re.findall(r"https?://[^\"'\s]*", text))
        assert addresses <= {"http://www.w3.org/2000/svg"}, path  # a name, which nobody fetches
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text), (
            path
        )


@pytest.mark.parametrize("path", sorted(SCRIPTS))
def test_every_word_is_there_in_both_languages(path: str) -> None:
    english, korean = re.split(r"\n  ko: \{", FILES["/words.js"])
    keys = [set(re.findall(r"(?:^|[ {,])(\w+): (?=[\"(])", part)) for part in (english.split("en: {")[1], korean)]
    assert keys[0] == keys[1] and len(keys[0]) > 40
    assert set(re.findall(r"(?<!/)\bwords\.(\w+)", SCRIPTS[path])) <= keys[0]


@pytest.mark.parametrize("path", sorted(FILES))
def test_a_file_is_small(path: str) -> None:
    assert FILES[path].count("\n") <= 200
