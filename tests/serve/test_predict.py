"""Over HTTP a model answers as it does in Python."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

import unspool
from servers import exported, service_of
from unspool.answers.answer import Answer, Notes, Prediction
from unspool.serve.keys import Keys
from unspool.serve.options import ServeOptions
from unspool.serve.service import Service

LUONG = unspool.load(exported("luong"), "cpu")


def predict(client: TestClient, **question: Any) -> Any:
    response = client.post("/v1/predict", json=question)
    assert response.status_code == 200, response.text
    return response.json()


def test_one_source_has_the_answer_of_the_model(client: TestClient) -> None:
    said = predict(client, source="fade")
    [expected] = LUONG.predict(["fade"])
    [hypothesis] = said["predictions"][0]["hypotheses"]
    assert said["model"] == "luong" and said["predictions"][0]["source"] == "fade"
    assert hypothesis["text"] == expected.text and hypothesis.keys() == {"text", "score", "finished"}
    assert hypothesis["score"] == pytest.approx(expected.hypotheses[0].score, abs=1e-4)


@pytest.mark.parametrize(
    "options",
    [
        {"beam": 4, "n_best": 3, "max_length": 9},
        {"sample": True, "n_best": 2, "seed": 5, "temperature": 0.7, "max_length": 9},
        {"beam": 2, "prefix": "fe", "length_penalty": 0.0, "max_length": 9},
        {"allow": ["cab", "fed", "bad"], "beam": 3, "n_best": 3},
    ],
    ids=lambda options: next(iter(options)),
)
def test_options_mean_what_they_mean_in_python(client: TestClient, options: dict[str, Any]) -> None:
    sources = ["abc", "fade", "", "beef"]
    said = predict(client, sources=sources, **options)
    expected = LUONG.predict(sources, **options)
    for mine, theirs in zip(said["predictions"], expected, strict=True):
        assert [one["text"] for one in mine["hypotheses"]] == [one.text for one in theirs.hypotheses]


def test_attention_comes_where_it_is_asked_for(client: TestClient) -> None:
    [prediction] = predict(client, source="fade", attention=True)["predictions"]
    assert prediction["source_tokens"] == list("fade")
    [answer] = prediction["hypotheses"]
    assert all(len(row) == 4 and sum(row) == pytest.approx(1, abs=0.01) for row in answer["attention"])
    assert answer["tokens"] == LUONG.predict(["fade"])[0].hypotheses[0].tokens


def test_notes_say_how_a_source_was_read(client: TestClient) -> None:
    [prediction] = predict(client, source="axb", max_length=2)["predictions"]
    assert prediction["notes"][0] == "1 symbol that training never saw (x)"


def test_models_are_asked_by_name_and_the_first_is_the_default(client: TestClient) -> None:
    assert [model["id"] for model in client.get("/v1/models").json()["data"]] == ["luong", "han", "values", "cho"]
    assert predict(client, source="abc", model="han")["model"] == "han"
    said = client.post("/v1/predict", json={"source": "abc", "model": "lung"})
    assert said.status_code == 404 and "Did you mean 'luong'" in said.json()["error"]["remedy"]


def test_real_values_go_in_and_out(client: TestClient) -> None:
    features = unspool.load(exported("values"), "cpu").fields.source.dimension.features
    source = np.linspace(-1, 1, 4 * features).reshape(4, features)
    [expected] = unspool.load(exported("values"), "cpu").predict([source])
    [prediction] = predict(client, source=source.tolist(), model="values")["predictions"]
    assert prediction["hypotheses"][0]["text"] == expected.text
    if expected.values is not None:
        np.testing.assert_allclose(prediction["hypotheses"][0]["values"], expected.values, rtol=1e-5)


def test_explain_shows_the_attention_of_the_best_answer(client: TestClient) -> None:
    said = client.post("/v1/explain", json={"source": "fade"}).json()
    assert said["predictions"][0]["hypotheses"][0]["attention"]
    document = client.post("/v1/explain", json={"source": "abc def . fade", "model": "han"})
    assert document.status_code == 200 and "sentences" in document.json()["predictions"][0]
    refused = client.post("/v1/explain", json={"source": "fade", "model": "cho"})
    assert refused.status_code == 501 and refused.json()["error"]["type"] == "not_supported"


def test_explain_asks_the_model_and_not_its_lexicon(serving: Any, own_folder: Path) -> None:
    (own_folder / "lexicon.tsv").write_text("fade\tb e\n")
    client = serving(service=Service({"mine": own_folder}, ServeOptions(), Keys(), "cpu"))
    assert predict(client, source="fade")["predictions"][0]["hypotheses"][0]["text"] == "b e"
    said = client.post("/v1/explain", json={"source": "fade"})
    assert said.status_code == 200, said.text
    [prediction] = said.json()["predictions"]
    assert prediction["hypotheses"][0]["attention"] and prediction["hypotheses"][0]["text"] != "b e"


def test_a_wrong_option_of_explain_is_compared_with_its_own(client: TestClient) -> None:
    error = client.post("/v1/explain", json={"source": "fade", "n_best": 2}).json()["error"]
    assert error["what"] == "There is no option 'n_best'." and "n_best" not in error["remedy"]


def test_a_page_can_know_how_much_it_may_ask_for(serving: Any) -> None:
    [model] = serving("luong", max_beam=3, max_n_best=2, max_length=9).get("/v1/models").json()["data"]
    assert model["limits"] == {"beam": 3, "n_best": 2, "max_length": 9}


def test_what_many_clients_ask_at_once_is_answered_as_if_each_were_alone(serving: Any) -> None:
    client = serving("luong", batch_wait=0.02)
    questions: list[dict[str, Any]] = [
        {"source": "abcdef"[number % 5 :], "max_length": 9, **[{}, {"beam": 3}, {"sample": True}][number % 3]}
        for number in range(48)
    ]
    alone = [predict(client, **question)["predictions"] for question in questions[:15]]
    with ThreadPoolExecutor(24) as pool:
        together = list(pool.map(lambda question: predict(client, **question)["predictions"], questions))
    for number, answers in enumerate(together):
        expected = alone[number % 15]
        assert [one["text"] for one in answers[0]["hypotheses"]] == [one["text"] for one in expected[0]["hypotheses"]]
    batches = client.get("/metrics").text
    assert 'unspool_batch_sources_count{model="luong"}' in batches


def test_markup_in_a_source_stays_text(client: TestClient) -> None:
    source = "<script>alert(1)</script>"
    response = client.post("/v1/predict", json={"source": source})
    assert response.json()["predictions"][0]["source"] == source
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_what_a_model_is_not_sure_of_is_left_out(serving: Any) -> None:
    service = service_of("luong")
    predictor = service.models["luong"].predictor

    def unsure(sources: Any, *, at_least: float | None, **options: Any) -> list[Prediction]:
        answer = Answer("x", -1.0, ["x"], None, confidence=0.4)
        notes = Notes(abstained=None if at_least is None else at_least > 0.4)
        return [Prediction(source, [], [] if notes.abstained else [answer], notes=notes) for source in sources]

    predictor.predict, predictor.check_confidence = unsure, lambda at_least: None  # type: ignore[method-assign]
    client = serving(service=service)
    [sure] = predict(client, source="a")["predictions"]
    assert sure["hypotheses"][0]["confidence"] == 0.4 and "abstained" not in sure
    [unsure_of] = predict(client, source="a", at_least=0.9)["predictions"]
    assert unsure_of["abstained"] is True and unsure_of["hypotheses"] == []
