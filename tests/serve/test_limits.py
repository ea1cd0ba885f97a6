"""What is wrong, or too much, gets a status, one line what and one line what to do; the server goes on."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from servers import service_of

WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "Give either 'source' or 'sources'"),
    ({"source": "a", "sources": ["b"]}, "Give either 'source' or 'sources'"),
    ({"sources": []}, "'sources' is wrong"),
    ({"source": 5}, "'source' is wrong"),
    ({"source": [[1.0]]}, "This model reads text, so a source is a text."),
    ({"source": "a", "model": "values"}, "so a source is steps of numbers"),
    ({"source": [[1.0], [1.0, 2.0]], "model": "values"}, "different numbers of values"),
    ({"source": [[0.0] * 77], "model": "values"}, "The model was trained on"),
    ({"source": "a", "bean": 5}, "There is no option 'bean'."),
    ({"source": "a", "beam": 0}, "'beam' is wrong"),
    ({"source": "a", "beam": True}, "'beam' is wrong"),
    ({"source": "a", "beam": 33}, "beam 33 is more than this server allows."),
    ({"source": "a", "sample": True, "n_best": 33}, "n_best 33 is more"),
    ({"source": "a", "max_length": 1001}, "max_length 1,001 is more"),
    ({"source": "a", "n_best": 2}, "A beam of 1 has at most 1 answers"),
    ({"source": "a", "sample": True, "beam": 2}, "cannot be combined with sampling"),
    ({"source": "a", "temperature": 0.5}, "temperature is for sampling"),
    ({"source": "a", "prefix": ["a", "b"]}, "There are 2 prefixes for 1 source."),
    ({"source": "a", "prefix": "abc", "max_length": 2}, "The prefix 'abc' has 3 symbols"),
    ({"source": "a", "allow": ["xyz"]}, "The model cannot write 1 permitted answer"),
    ({"source": "a", "at_least": 0.9}, "The confidence of this model's answers is not calibrated."),
    ({"source": "a", "at_least": 2}, "'at_least' is wrong"),
    ({"source": "a", "allow": []}, "'allow' is wrong"),
    ({"source": "a", "coverage_penalty": 1.0, "beam": 2, "model": "cho"}, "A coverage penalty needs one attention"),
]


@pytest.mark.parametrize(("question", "what"), WRONG, ids=lambda value: str(value)[:40])
def test_a_wrong_question_is_told_what_is_wrong(client: TestClient, question: dict[str, Any], what: str) -> None:
    response = client.post("/v1/predict", json=question)
    error = response.json()["error"]
    assert response.status_code == 422 and error["type"] == "invalid_request", error
    assert what in error["what"] and error["remedy"], error
    assert "--" not in error["what"] + error["remedy"].partition("unspool ")[0], "flags are for the command line"


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"{", "The request is not JSON"),
        (b"", "The request is no JSON object."),
        (b"[]", "The request is no JSON object."),
        (b"\xff\xfe", "The request is not JSON"),
        (b"[" * 100_000, "There was an error parsing the body"),
        (b'{"source": "\\ud800"}', "half of a surrogate pair"),
        (b'{"source": NaN}', "'source' is wrong"),
        (b'{"source": "a", "seed": 1' + b"0" * 5000 + b"}", "There was an error parsing the body"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_body_that_is_no_question_is_refused(client: TestClient, body: bytes, what: str) -> None:
    response = client.post("/v1/predict", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 422 and what in response.json()["error"]["what"], response.text


def test_what_does_not_exist_says_so(client: TestClient) -> None:
    assert client.get("/v2").status_code == 404
    assert client.get("/v2").json()["error"] == {
        "type": "not_found", "what": "There is nothing at /v2.", "remedy": "See /openapi.json for what there is.",
    }  # fmt: skip
    assert client.get("/v1/predict").status_code == 405


def test_sizes_are_limited(serving: Any) -> None:
    client = serving("luong", max_body=2000, max_sources=3, max_source=10, max_allow=2)
    too_much: list[dict[str, Any]] = [
        {"sources": ["a"] * 4},
        {"source": "a" * 11},
        {"source": "a", "allow": ["a", "b", "c"]},
        {"source": "a" * 2001},
    ]
    for question in too_much:
        response = client.post("/v1/predict", json=question)
        assert response.status_code == 413 and response.json()["error"]["type"] == "too_large"
    many = {"source": "abcdef", "beam": 32, "n_best": 32, "max_length": 1000}
    one_too_many = {"sources": ["abcdef"] * 3, "max_length": 1000, "attention": True}
    for question in (many, one_too_many):
        assert (
            "weights" in serving("luong", max_cells=15_000).post("/v1/predict", json=question).json()["error"]["what"]
        )
    pieces = (b" " * 100 for _ in range(10_000))
    endless = client.post("/v1/predict", content=pieces, headers={"Content-Type": "application/json"})
    assert endless.status_code == 413
    assert client.post("/v1/predict", json={"sources": ["a" * 10] * 3}).status_code == 200


def test_a_full_queue_says_when_to_come_again_and_recovers(serving: Any) -> None:
    service = service_of("luong", max_queue=4, max_sources=4)
    client, served = serving(service=service), service.models["luong"]
    holding, free = threading.Event(), threading.Event()
    answer = served.batcher._answer

    def slowly(batch: Any) -> None:
        holding.set()
        free.wait(20)
        answer(batch)

    served.batcher._answer = slowly
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(client.post, "/v1/predict", json={"source": "a"})
        assert holding.wait(20)
        second = pool.submit(client.post, "/v1/predict", json={"sources": ["a"] * 4})
        while served.batcher.count() < 4:
            time.sleep(0.01)
        refused = client.post("/v1/predict", json={"source": "a"})
        assert refused.status_code == 503 and int(refused.headers["retry-after"]) >= 1
        assert refused.json()["error"]["type"] == "overloaded"
        free.set()
        assert first.result().status_code == second.result().status_code == 200
    assert client.post("/v1/predict", json={"source": "a"}).status_code == 200


def test_what_takes_too_long_ends_with_a_status_and_the_work_stops(serving: Any) -> None:
    service = service_of("luong", timeout=0.2)
    client, batcher = serving(service=service), service.models["luong"].batcher
    slow = {"sources": ["abcdef"] * 256, "beam": 32, "n_best": 32, "max_length": 1000}
    response = client.post("/v1/predict", json=slow)
    assert response.status_code == 504 and response.json()["error"]["what"] == "There was no answer in 0.2 seconds."
    begun = time.monotonic()
    batcher.close()
    batcher.join(20)
    assert not batcher._thread.is_alive() and time.monotonic() - begun < 5


def test_an_error_of_one_request_does_not_reach_those_it_is_answered_with(serving: Any) -> None:
    client = serving("luong", batch_wait=0.2, max_batch=2)
    questions = [{"source": "a", "prefix": "a", "max_length": 5}, {"source": "b", "prefix": "abcdef", "max_length": 5}]
    with ThreadPoolExecutor(2) as pool:
        good, wrong = pool.map(lambda question: client.post("/v1/predict", json=question), questions)
    assert good.status_code == 200 and wrong.status_code == 422


def test_a_bug_is_told_without_its_details(serving: Any, caplog: pytest.LogCaptureFixture) -> None:
    service = service_of("luong")
    client = serving(service=service)

    def broken(*sources: Any, **options: Any) -> Any:
        raise RuntimeError("secret")

    service.models["luong"].predictor.predict = broken  # type: ignore[method-assign]
    response = client.post("/v1/predict", json={"source": "a"})
    assert response.status_code == 500 and "secret" not in response.text
    assert client.get("/ready").status_code == 200
