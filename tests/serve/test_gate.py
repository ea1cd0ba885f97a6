"""Who may ask, what is counted, what is logged, and what a browser sees."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from servers import service_of
from unspool.errors import Mistake
from unspool.serve.keys import Keys, read_keys
from unspool.serve.logs import LEVELS, JsonFormatter, TextFormatter, configure_logs
from unspool.serve.quantities import origin_of


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`logged("json")`: a stream that gets the log of this form."""
    loggers = [logging.getLogger(name) for name in LEVELS]
    before = [(logger.handlers, logger.propagate, logger.level) for logger in loggers]

    def into(form: Any) -> io.StringIO:
        stream = io.StringIO()
        configure_logs(form, stream)
        return stream

    yield into
    for logger, (handlers, propagate, level) in zip(loggers, before, strict=True):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def test_questions_need_the_key_and_health_does_not(serving: Any) -> None:
    client = serving(service=service_of("luong", keys=Keys(["secret", "other"])))
    question = {"source": "abc"}
    for header in (
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic secret"},
        {"Authorization": "Bearer "},
    ):
        refused = client.post("/v1/predict", json=question, headers=header)
        assert refused.status_code == 401 and refused.headers["www-authenticate"] == "Bearer"
    for path in ("/metrics", "/v1/models"):
        assert client.get(path).status_code == 401
    for key in ("secret", "other"):
        good = client.post("/v1/predict", json=question, headers={"Authorization": f"bearer {key}"})
        assert good.status_code == 200
    for path in ("/", "/health", "/ready", "/openapi.json"):
        assert client.get(path).status_code == 200


def test_keys_come_from_a_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "keys"
    file.write_text("one\n\n  두번째 \n")
    keys = read_keys(file)
    assert keys.accept(b"Bearer one") and keys.accept("Bearer 두번째".encode()) and not keys.accept(b"Bearer ")
    monkeypatch.delenv("UNSPOOL_API_KEY", raising=False)
    assert not read_keys(None) and read_keys(None).accept(None)
    monkeypatch.setenv("UNSPOOL_API_KEY", "three")
    assert read_keys(None).accept(b"Bearer three") and not read_keys(None).accept(None)
    file.write_bytes("\ufeffone\n".encode())  # as Windows' editor saves it
    assert read_keys(file).accept(b"Bearer one")
    for content in (b"\n \n", b"\xff"):
        file.write_bytes(content)
        with pytest.raises(Mistake, match="key file"):
            read_keys(file)
    with pytest.raises(Mistake, match="cannot be read"):
        read_keys(tmp_path / "missing")


def test_a_log_names_requests_and_never_their_texts(serving: Any, logged: Any) -> None:
    stream = logged("json")
    client = serving("luong")
    response = client.post("/v1/predict?source=private", json={"sources": ["private", "secret"]})
    client.post("/v1/predict", json={"source": "private", "beam": 0})
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert first["request"] == response.headers["x-request-id"] and first["status"] == 200
    assert (first["path"], first["model"], first["sources"]) == ("/v1/predict", "luong", 2) and first["seconds"] > 0
    assert second["status"] == 422 and "private" not in stream.getvalue()


def test_a_line_of_text_cannot_steer_a_terminal() -> None:
    record = logging.LogRecord("unspool.serve", logging.WARNING, "", 0, "%s", ("a\x1b[31m\nb",), None)
    assert TextFormatter().format(record).endswith("warning: a\\u001b[31m\\u000ab")
    assert "\n" not in JsonFormatter().format(record)


def test_other_pages_may_ask_only_if_they_are_named(serving: Any) -> None:
    origin = {"Origin": "https://example.org"}
    closed = serving("luong").post("/v1/predict", json={"source": "a"}, headers=origin)
    assert "access-control-allow-origin" not in closed.headers
    keys = Keys(["secret"])
    client = serving(service=service_of("luong", keys=keys, allow_origins=("https://example.org",)))
    asked = {**origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    assert client.options("/v1/predict", headers=asked).status_code == 200
    refused = client.post("/v1/predict", json={"source": "a"}, headers=origin)
    assert refused.status_code == 401 and refused.headers["access-control-allow-origin"] == "https://example.org"
    elsewhere = client.get("/health", headers={"Origin": "https://example.com"})
    assert "access-control-allow-origin" not in elsewhere.headers


def test_an_origin_is_what_a_browser_sends() -> None:
    assert [*map(origin_of, ("https://example.org/", "*"))] == ["https://example.org", "*"]
    for wrong in ("example.org", "https://example.org/page", "foo", ""):
        with pytest.raises(Mistake, match="no origin of a web page"):
            origin_of(wrong)


def test_monitors_may_ask_without_a_body(client: TestClient) -> None:
    assert client.head("/health").status_code == client.head("/ready").status_code == 200


def test_metrics_count_requests_by_the_paths_of_the_server(client: TestClient) -> None:
    client.post("/v1/predict", json={"source": "abc"})
    client.get("/wherever/../it/leads")
    text = client.get("/metrics").text
    assert 'unspool_requests_total{path="/v1/predict",status="200"}' in text
    assert 'unspool_requests_total{path="other",status="404"}' in text
    assert 'unspool_waiting_sources{model="luong"} 0.0' in text and "unspool_requests_running 1.0" in text
