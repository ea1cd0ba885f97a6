"""Forecasts over HTTP are those of Python, and what is wrong with a table is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import given

import unspool
from described_http import CHECKS, quick
from keyboard import BLOCKED
from servers import exported, running
from unspool.forecasts.forecaster import load_forecaster
from unspool.serve.app import create_app
from unspool.serve.keys import Keys
from unspool.serve.options import ServeOptions
from unspool.serve.service import Service

HORIZON = 6
HOURS = np.arange(np.datetime64("2024-01-01T00"), np.datetime64("2024-01-07T00"))


def columns(names: str = "ab", hours: int = len(HOURS)) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {"unique_id": [], "ds": [], "y": []}
    for number, name in enumerate(names, 1):
        found["unique_id"] += [name] * hours
        found["ds"] += HOURS[:hours].astype(str).tolist()
        found["y"] += (50 * number + 10 * np.sin(2 * np.pi * np.arange(hours) / 24)).round(3).tolist()
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An exported forecaster of one series more than is asked for."""
    out = tmp_path_factory.mktemp("forecaster") / "run"
    settings = {"model.size": 8, "training.max_updates": 5, "training.validate_every": 5}
    unspool.train_forecaster(columns("abc"), out=out, horizon=HORIZON, settings=settings, progress=False)
    unspool.load(out).export()
    return out / "onnx"


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    options = ServeOptions(batch_wait=0.0, max_source=1000, max_sources=2)
    service = Service({"series": folder, "luong": exported("luong")}, options, Keys(), "cpu")
    with TestClient(create_app(service), raise_server_exceptions=False) as found:
        yield found


@pytest.mark.parametrize("examples", [20, pytest.param(2000, marks=pytest.mark.exhaustive)])
def test_no_table_is_our_own_error(folder: Path, examples: int) -> None:
    options = ServeOptions(batch_wait=0.0, max_source=1000, max_sources=2)
    app = create_app(Service({"series": folder}, options, Keys(), "cpu"))
    forecasts = schemathesis.openapi.from_asgi("/openapi.json", app)["/v1/forecast"]["POST"]

    assert forecasts.Case(body={"history": columns()}).call().status_code == 200

    @quick(examples)
    @given(case=forecasts.as_strategy())
    def ask_any(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS)

    ask_any()


def ask(client: TestClient, history: Any, status: int = 200, **options: Any) -> Any:
    response = client.post("/v1/forecast", json={"history": history, **options})
    assert response.status_code == status, response.text
    return response.json()


def test_forecasts_are_those_of_python_with_the_end_of_each_history(client: TestClient, folder: Path) -> None:
    said = ask(client, columns())
    assert said["model"] == "series" and said["notes"] == []
    expected = load_forecaster(folder, "cpu").predict(columns())
    for number, one in enumerate(said["forecasts"]):
        assert one["unique_id"] == "ab"[number]
        part = slice(number * HORIZON, (number + 1) * HORIZON)
        assert one["ds"] == expected["ds"][part]
        for name in ("mean", "q05", "q50", "q95"):
            assert one[name] == pytest.approx(expected[name][part])
        assert (np.array(one["q05"]) < np.array(one["q95"])).all()
        own = [
            value for name, value in zip(columns()["unique_id"], columns()["y"], strict=True) if name == "ab"[number]
        ]
        assert one["history"]["y"] == own[-4 * HORIZON :] and len(one["history"]["ds"]) == 4 * HORIZON


def test_rows_are_columns_and_a_missing_value_is_null(client: TestClient) -> None:
    given = columns("a")
    given["y"][-20] = None
    rows = [dict(zip(given, cells, strict=True)) for cells in zip(*given.values(), strict=True)]
    said = ask(client, rows)
    assert said == ask(client, given)
    assert said["forecasts"][0]["history"]["y"][-20] is None and "missing" in said["notes"][0]


def test_a_shorter_horizon_is_the_beginning_of_a_longer_one(client: TestClient) -> None:
    short, whole = (ask(client, columns("a"), **how)["forecasts"][0] for how in ({"horizon": 2}, {}))
    assert len(short["ds"]) == 2 and short["q50"] == pytest.approx(whole["q50"][:2])


def test_models_say_what_they_forecast(client: TestClient) -> None:
    series, luong = client.get("/v1/models").json()["data"]
    assert series["horizon"] == HORIZON and luong["horizon"] is None


@pytest.mark.parametrize(
    ("history", "options", "status", "what"),
    [
        (columns("a"), {"model": "luong"}, 422, "does not forecast"),
        (columns("a"), {"horizon": HORIZON + 1}, 422, "7 are wanted"),
        (columns("a"), {"horizon": 0}, 422, "horizon"),
        (columns("abc"), {}, 413, "This one has 3"),
        ({"ds": [0] * 1001, "y": [0] * 1001}, {}, 413, "1,001"),
        ({"ds": [1, 2, 3]}, {}, 422, "no column 'y'"),
        ({"ds": [1, 2], "y": [1]}, {}, 422, "y"),
        ({"ds": [1, 2, 3], "y": ["x", "1", "2"]}, {}, 422, "x"),
        ({"ds": [3, 2, 1], "y": [1, 2, 3]}, {}, 422, "not in order"),
        ({"ds": ["today", "b", "c"], "y": [1, 2, 3]}, {}, 422, "today"),
        ({"ds": [1, 2], "y": [1, 2]}, {}, 422, "2"),
        ({"ds": [*range(48)], "y": [1e308, -1e308] * 24}, {}, 422, "too large"),
        ([], {}, 422, "empty"),
        ({}, {}, 422, "empty"),
        ("ds,y", {}, 422, "history"),
        ([{"ds": 1, "y": 1}, {"ds": 2}], {}, 422, "y"),
        (columns("a"), {"beam": 3}, 422, "no option 'beam'"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said(
    client: TestClient, history: Any, options: dict[str, Any], status: int, what: str
) -> None:
    said = ask(client, history, status, **options)["error"]
    assert what.lower() in said["what"].lower() and said["remedy"]


@pytest.mark.parametrize("path", ["/v1/predict", "/v1/explain", "/v1/trace"])
def test_a_forecaster_is_asked_for_forecasts_only(client: TestClient, path: str) -> None:
    said = client.post(path, json={"source": [[1.0]], "model": "series"})
    assert said.status_code == 422 and "forecaster" in said.json()["error"]["what"]
    assert "/v1/forecast" in said.json()["error"]["remedy"]


def test_it_answers_in_a_process_without_pytorch(folder: Path) -> None:
    assert "torch" in BLOCKED
    with running(folder) as server:
        status, said = server.ask({"history": columns("a")}, "/v1/forecast")
        assert status == 200 and len(said["forecasts"][0]["q50"]) == HORIZON
