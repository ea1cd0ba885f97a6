"""The OpenAPI document is true: whatever it allows gets an answer that it describes, and never our own error."""

from __future__ import annotations

import pytest
import schemathesis
from fastapi.testclient import TestClient

from described_http import CHECKS, quick
from servers import service_of
from unspool.serve.app import create_app
from unspool.serve.keys import Keys

KEY = {"Authorization": "Bearer secret"}
app = create_app(service_of("luong", "han", "values", keys=Keys(["secret"]), max_length=30, max_sources=8))
schema = schemathesis.openapi.from_asgi("/openapi.json", app)


@schema.parametrize()
@quick(4)
def test_no_request_is_our_own_error(case: schemathesis.Case) -> None:
    case.call_and_validate(headers=KEY, checks=CHECKS)


@pytest.mark.exhaustive
@schema.parametrize()
@quick(500)
def test_no_request_of_many_is_our_own_error(case: schemathesis.Case) -> None:
    case.call_and_validate(headers=KEY, checks=CHECKS)


def test_every_path_and_example_is_documented(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    assert set(document["paths"]) == {
        "/", "/health", "/ready", "/metrics", "/v1/models", "/v1/predict", "/v1/explain", "/v1/trace",
        "/v1/forecast", "/v1/reload",
    }  # fmt: skip
    examples = document["paths"]["/v1/predict"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    for example in examples.values():
        response = client.post("/v1/predict", json=example["value"] | {"max_length": 9})
        assert response.status_code == 200, response.text
