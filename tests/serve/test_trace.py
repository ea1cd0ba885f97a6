"""Over HTTP a search is told as it is in Python, within the bounds of every question."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

import unspool
from servers import exported, service_of
from unspool.ink.hershey import Hand, written
from unspool.serve.keys import Keys
from unspool.serve.options import ServeOptions
from unspool.serve.service import Service

LUONG = unspool.load(exported("luong"), "cpu")


def test_a_trace_is_that_of_python(client: TestClient) -> None:
    response = client.post("/v1/trace", json={"source": "fade", "beam": 3, "max_length": 9})
    assert response.status_code == 200, response.text
    said, expected = response.json(), LUONG.trace("fade", beam=3, max_length=9).to_json()
    assert said.pop("model") == "luong"
    assert said.keys() == expected.keys() and said["source_tokens"] == expected["source_tokens"]
    assert {name: said[name] for name in ("states", "can_edit")} == {
        name: expected[name] for name in ("states", "can_edit")
    }
    for mine, theirs in zip(said["steps"], expected["steps"], strict=True):
        assert [one["token"] for one in mine["live"]] == [one["token"] for one in theirs["live"]]
    assert [one["path"] for one in said["hypotheses"]] == [one["path"] for one in expected["hypotheses"]]


def test_numbers_of_items_and_texts_are_prefixes(client: TestClient) -> None:
    item = client.post("/v1/trace", json={"source": "fade"}).json()["steps"][0]["live"][0]["top"][2]
    by_item = client.post("/v1/trace", json={"source": "fade", "prefix": [item["item"]], "max_length": 5}).json()
    by_text = client.post("/v1/trace", json={"source": "fade", "prefix": item["token"], "max_length": 5}).json()
    assert by_item == by_text and by_item["hypotheses"][0]["tokens"][0] == item["token"]


def test_an_attention_weight_can_be_set(client: TestClient) -> None:
    question = {"source": "fade", "max_length": 5, "edits": [{"step": 0, "position": 1, "weight": 0.75}]}
    said = client.post("/v1/trace", json=question).json()
    assert said["steps"][0]["live"][0]["attention"][1] == 0.75
    expected = LUONG.trace("fade", max_length=5, edits=[(0, 1, 0.75)]).to_json()
    assert [one["text"] for one in said["hypotheses"]] == [one["text"] for one in expected["hypotheses"]]
    assert (
        said["steps"][0]["live"][0]["top"]
        != client.post("/v1/trace", json={"source": "fade", "max_length": 5}).json()["steps"][0]["live"][0]["top"]
    )


@pytest.mark.parametrize(
    ("question", "status", "what"),
    [
        ({}, 422, "source"),
        ({"source": "fade", "bean": 3}, 422, "no option 'bean'"),
        ({"source": "fade", "n_best": 2}, 422, "no option 'n_best'"),
        ({"source": "fade", "beam": 33}, 422, "beam 33"),
        ({"source": "fade", "prefix": [1]}, 422, "no symbol of an answer"),
        ({"source": "fade", "prefix": ["a"]}, 422, "prefix"),
        ({"source": "fade", "edits": [{"step": 0, "position": 9, "weight": 0.5}]}, 422, "4 positions"),
        ({"source": "fade", "edits": [{"step": 0, "position": 0, "weight": 2}]}, 422, "weight"),
        ({"source": "a", "edits": [{"step": 0, "position": 0, "weight": 1}], "model": "cho"}, 422, "be changed"),
        ({"source": "fade", "model": "lung"}, 404, "no model"),
        ({"source": "f" * 20_000}, 413, "20,000"),
        ({"source": [[1.0], [2.0]]}, 422, "a text"),
        ({"source": "fade", "model": "values"}, 422, "steps of numbers"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_is_said(client: TestClient, question: dict[str, Any], status: int, what: str) -> None:
    response = client.post("/v1/trace", json=question)
    assert response.status_code == status, response.text
    assert what in response.json()["error"]["what"]


def test_a_misspelt_option_names_the_nearest_of_a_trace(client: TestClient) -> None:
    said = client.post("/v1/trace", json={"source": "fade", "bean": 3}).json()
    assert "Did you mean 'beam'" in said["error"]["remedy"]


def test_a_wide_and_long_trace_is_too_large(serving: Any) -> None:
    client = serving("luong", max_cells=1000)
    assert client.post("/v1/trace", json={"source": "fade", "max_length": 9}).status_code == 200
    said = client.post("/v1/trace", json={"source": "fade", "max_length": 90})
    assert said.status_code == 413 and "1,000 numbers" in said.json()["error"]["what"]


def test_a_trace_that_takes_too_long_is_given_up(serving: Any) -> None:
    service = service_of("luong", timeout=0.2)
    predictor = service.models["luong"].predictor
    own, given_up = predictor.trace, []

    def slow(source: Any, *, following: Any, **options: Any) -> Any:
        while following.wants(0):
            time.sleep(0.01)
        given_up.append(source)
        return own(source, **options)

    predictor.trace = slow  # type: ignore[method-assign]
    response = serving(service=service).post("/v1/trace", json={"source": "fade"})
    assert response.status_code == 504
    deadline = time.monotonic() + 5
    while not given_up and time.monotonic() < deadline:
        time.sleep(0.01)
    assert given_up == ["fade"]


def test_a_model_that_writes_ink_has_no_trace_and_says_so(serving: Any, tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    lines = [(text, written(text, Hand("futural"), draw).points) for text in ("hello", "world")]
    settings = {"model.size": 8, "model.layers": 1, "model.components": 2, "training.max_updates": 1}
    unspool.train(lines, valid=lines, model="synthesis", out=tmp_path / "w", settings=settings, progress=False)
    service = Service({"writer": tmp_path / "w"}, ServeOptions(), Keys(), "cpu")
    response = serving(service=service).post("/v1/trace", json={"source": "hello"})
    assert response.status_code == 422, response.text
    assert "a trace is of a search over symbols" in response.json()["error"]["what"]
