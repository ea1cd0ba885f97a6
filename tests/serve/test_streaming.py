"""Answers as server-sent events: every symbol when it is there, or every answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient


def events_of(text: str) -> list[tuple[str, Any]]:
    """The events of a stream, as the HTML standard reads them."""
    found = []
    for block in text.split("\n\n")[:-1]:
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def ask(client: TestClient, **question: Any) -> list[tuple[str, Any]]:
    response = client.post("/v1/predict", json=question | {"stream": True})
    assert response.status_code == 200 and response.headers["content-type"].startswith("text/event-stream")
    return events_of(response.text)


@pytest.mark.parametrize("options", [{}, {"sample": True, "seed": 4}], ids=["greedy", "a sample"])
def test_symbols_come_one_by_one_and_lead_to_the_answer(client: TestClient, options: dict[str, Any]) -> None:
    question = {"source": "fade", "max_length": 9, **options}
    events = ask(client, **question)
    whole = client.post("/v1/predict", json=question).json()["predictions"][0]
    assert events[-1] == ("done", {"predictions": 1})
    assert events[-2] == ("prediction", {"index": 0, **whole})
    symbols = [value for name, value in events if name == "symbol"]
    assert len(symbols) == len(events) - 2 > 0
    assert symbols[-1]["text"] == whole["hypotheses"][0]["text"] and symbols[0]["token"]


def test_of_a_beam_and_of_several_samples_only_answers_are_events(client: TestClient) -> None:
    for options in ({"beam": 3}, {"sample": True, "n_best": 2}):
        events = ask(client, sources=["abc", "fade", ""], max_length=5, **options)
        assert [name for name, _ in events] == ["prediction"] * 3 + ["done"]
        assert {value["index"] for name, value in events if name == "prediction"} == {0, 1, 2}


def test_several_sources_grow_side_by_side(client: TestClient) -> None:
    events = ask(client, sources=["abc", "fade"], max_length=6)
    assert {value["index"] for name, value in events if name == "symbol"} == {0, 1}


def test_what_is_wrong_from_the_start_has_its_status(client: TestClient) -> None:
    refused = client.post("/v1/predict", json={"source": "a", "prefix": "abcd", "max_length": 3, "stream": True})
    assert refused.status_code == 422 and refused.headers["content-type"] == "application/json"


def test_what_goes_wrong_later_is_the_last_event(serving: Any) -> None:
    client = serving("luong", timeout=0.5)
    question = {"sources": ["abcdef"] * 256, "max_length": 1000, "stream": True}
    events = ask(client, **question)
    assert events[-1][0] == "error" and events[-1][1]["error"]["type"] == "timeout"
