"""A model is loaded again while requests go on; one that cannot be loaded stays as it is."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from servers import QUICK, exported
from unspool.serve import service as serving_service
from unspool.serve.keys import Keys
from unspool.serve.options import ServeOptions
from unspool.serve.service import Service

KEY = {"Authorization": "Bearer secret"}


def service_at(folder: Path, *, watches: bool = False) -> Service:
    return Service({"mine": folder}, ServeOptions(**QUICK), Keys(["secret"]), "cpu", watches=watches)


def exchange(folder: Path, name: str) -> None:
    """Another model in the same folder."""
    shutil.rmtree(folder)
    shutil.copytree(exported(name), folder)


def architecture(client: Any) -> str:
    return str(client.get("/v1/models", headers=KEY).json()["data"][0]["architecture"])


def test_requests_are_answered_while_a_model_is_replaced(serving: Any, own_folder: Path) -> None:
    client = serving(service=service_at(own_folder))
    question = {"sources": ["abc", "fade"], "max_length": 9}

    def ask(number: int) -> int:
        if number == 10:
            exchange(own_folder, "cho")
            return int(client.post("/v1/reload", headers=KEY).status_code)
        return int(client.post("/v1/predict", json=question, headers=KEY).status_code)

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(ask, range(40))) == {200}
    assert architecture(client) == "cho"
    assert 'unspool_reloads_total{model="mine",result="good"} 1.0' in client.get("/metrics", headers=KEY).text


def test_a_folder_that_is_broken_leaves_the_model_as_it_is(serving: Any, own_folder: Path) -> None:
    client = serving(service=service_at(own_folder))
    (own_folder / "step.onnx").write_bytes(b"broken")
    response = client.post("/v1/reload", headers=KEY, json={"model": "mine"})
    assert response.status_code == 409 and "stays as it was" in response.json()["error"]["what"]
    many = {"sources": ["abc"] * 40, "max_length": 5}
    assert client.post("/v1/predict", json=many, headers=KEY).status_code == 200, "the old graphs are still open"


def test_an_unknown_model_cannot_be_loaded_again(serving: Any, own_folder: Path) -> None:
    client = serving(service=service_at(own_folder))
    assert client.post("/v1/reload", headers=KEY, json={"model": "min"}).status_code == 404


def test_without_a_key_nobody_may_reload(client: Any) -> None:
    refused = client.post("/v1/reload")
    assert refused.status_code == 403 and "SIGHUP" in refused.json()["error"]["remedy"]


def test_a_folder_that_is_watched_is_loaded_when_its_files_change(
    serving: Any, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving_service, "LOOKS", 0.02)
    service = service_at(own_folder, watches=True)
    client = serving(service=service)
    before = service.models["mine"].predictor
    assert not service.models["mine"].changed()
    os.utime(own_folder / "manifest.json")
    for _ in range(1000):
        if service.models["mine"].predictor is not before:
            break
        client.get("/health")
    assert service.models["mine"].predictor is not before
