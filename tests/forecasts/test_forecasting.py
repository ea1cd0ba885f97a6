"""A forecaster from a table of series to honest intervals, in both engines, and on the command line."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import unspool
from keyboard import Shell, without_extra
from unspool import folder as disk
from unspool.errors import Mistake
from unspool.explain.fan_chart import fan_chart
from unspool.forecasts import forecasting
from unspool.forecasts.evaluation import evaluate_forecaster
from unspool.forecasts.forecaster import load_forecaster
from unspool.series.forecast import LEVELS, column_names
from unspool.series.reading import read_series
from unspool.training.interruption import Interrupted

TINY = {"model": {"size": 16}, "training": {"max_updates": 20, "validate_every": 10}}
HOURS = np.arange(np.datetime64("2024-01-01T00"), np.datetime64("2024-01-13T00"))


def hourly(path: Path, names: str = "ab") -> Path:
    random = np.random.default_rng(0)
    rows = ["unique_id,ds,y"]
    for number, name in enumerate(names):
        values = (
            50 * (number + 1) + 10 * np.sin(2 * np.pi * np.arange(len(HOURS)) / 24) + random.normal(size=len(HOURS))
        )
        rows += [f"{name},{stamp},{value:.4f}" for stamp, value in zip(HOURS, values, strict=True)]
    path.write_text("\n".join(rows) + "\n")
    return path


def begin(table: Path, out: Path, **training: object) -> None:
    values = TINY | {"series": {"horizon": 12}, "training": TINY["training"] | training}
    forecasting.begin(
        forecasting.read(table, values), out, values, on_report=lambda report: None, on_message=lambda message: None
    )


@pytest.fixture(scope="module")
def trained_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("series")
    begin(hourly(folder / "series.csv"), folder / "run")
    return folder


@pytest.fixture
def trained(trained_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained_once, tmp_path / "own"))


def test_it_is_an_ordinary_folder_that_knows_its_windows(trained_once: Path) -> None:
    config, metadata = disk.read_run(trained_once / "run")
    assert (config.series.horizon, config.series.block, config.series.past) == (12, 12, "")
    assert config.model.name == "luong" and metadata.metric == "mae" and config.training.feeding == "free"
    calibration = disk.read_json(trained_once / "run" / disk.CALIBRATION)
    assert calibration["windows"] > 5 and calibration["levels"] == LEVELS.tolist()


def test_forecasts_go_on_where_each_series_ends(trained_once: Path) -> None:
    forecaster = load_forecaster([trained_once / "run"])
    table = forecaster.read(trained_once / "series.csv")
    found = forecaster.forecast(table.series)
    assert [one.name for one in found] == ["a", "b"]
    assert str(found[0].stamps[0]) == "2024-01-13T00:00:00" and len(found[0].stamps) == 12
    assert abs(found[1].median.mean() - 100) < 15 and (np.diff(found[0].quantiles) >= 0).all()
    shorter = forecaster.forecast(table.series, 5)
    assert shorter[0].quantiles == pytest.approx(found[0].quantiles[:5])


def test_levels_and_units_of_a_series_are_undone(trained_once: Path) -> None:
    forecaster = load_forecaster([trained_once / "run"])
    (one, _) = forecaster.read(trained_once / "series.csv").series
    large = read_series({"ds": HOURS.astype(str), "y": 1e5 * one.values - 7e6}).series
    plain, scaled = forecaster.forecast([one])[0], forecaster.forecast(large)[0]
    assert scaled.quantiles == pytest.approx(1e5 * plain.quantiles - 7e6, rel=1e-3)


def test_python_takes_a_frame_and_gives_columns_of_one(trained: Path) -> None:
    frame = pd.read_csv(trained / "series.csv")
    out = trained / "python"
    settings = {"model.size": 16, "training.max_updates": 2}
    made = unspool.train_forecaster(frame, out=out, horizon=4, settings=settings, progress=False)
    table = pd.DataFrame(unspool.load_forecaster(out).predict(frame))
    assert [*table.columns] == column_names() and len(table) == 8
    assert table["q50"].tolist() == pd.DataFrame(made.predict(frame))["q50"].tolist()


def test_an_export_forecasts_alike_without_pytorch(trained: Path) -> None:
    from unspool.export.onnx import export

    table = load_forecaster([trained / "run"]).read(trained / "series.csv")
    before = load_forecaster([trained / "run"]).forecast(table.series)
    exported = load_forecaster([export(trained / "run", trained / "onnx").folder])
    assert exported.calibrations[0] is not None and "ONNX" in exported.predictors[0].engine
    for one, other in zip(before, exported.forecast(table.series), strict=True):
        assert other.quantiles == pytest.approx(one.quantiles, rel=1e-4)
    said = without_extra("forecast", trained / "onnx", trained / "series.csv", "--horizon", 2)
    assert said.returncode == 0 and len(said.stdout.splitlines()) == 5, said.stderr


def test_several_models_are_averaged(trained: Path) -> None:
    begin(trained / "series.csv", trained / "other", learning_rate=2e-3)
    folders = [trained / "run", trained / "other"]
    series = load_forecaster(folders).read(trained / "series.csv").series
    each = [load_forecaster([folder]).forecast(series)[0].quantiles for folder in folders]
    assert load_forecaster(folders).forecast(series)[0].quantiles == pytest.approx((each[0] + each[1]) / 2)


def test_a_stopped_training_goes_on_and_is_calibrated(trained: Path) -> None:
    (trained / "run" / disk.CALIBRATION).unlink()
    quiet = {"on_report": lambda report: None, "on_message": lambda message: None}
    forecasting.resume(trained / "run", {"training": {"max_updates": 25}}, **quiet)
    assert (trained / "run" / disk.CALIBRATION).exists()
    (trained / "run" / disk.HELD_OUT).unlink()
    with pytest.raises(Mistake, match=r"calibration\.npz is missing, and without its windows"):
        forecasting.resume(trained / "run", {}, **quiet)


def test_a_model_with_teacher_forcing_is_sampled(trained: Path) -> None:
    begin(trained / "series.csv", trained / "taught", feeding="teacher")
    forecaster = load_forecaster([trained / "taught"])
    series = forecaster.read(trained / "series.csv").series
    first, again = (forecaster.forecast(series)[0].quantiles for _ in range(2))
    assert (first == again).all() and (np.diff(first) >= 0).all()


def test_a_damaged_calibration_names_its_file(trained: Path) -> None:
    (trained / "run" / disk.CALIBRATION).write_text('{"windows": 3, "levels": [0.5], "factors": [[1]]}')
    with pytest.raises(Mistake, match=r"calibration\.json: The calibration of the intervals cannot be read"):
        load_forecaster(trained / "run")


def test_a_folder_that_forgot_its_windows_is_named(trained: Path) -> None:
    run = json.loads((trained / "run" / disk.RUN).read_text())
    run["series"]["block"] = None
    (trained / "run" / disk.RUN).write_text(json.dumps(run))
    with pytest.raises(Mistake, match=r"series of run\.json has no horizon, history and block"):
        load_forecaster(trained / "run")


def test_the_evaluation_has_rivals_and_says_who_loses(trained_once: Path) -> None:
    forecaster = load_forecaster([trained_once / "run"])
    series = forecaster.read(trained_once / "series.csv").series
    found = evaluate_forecaster(forecaster, series, rolling=3, stride=6)
    assert found.figures.count == 6 and [*found.rivals] == ["seasonal_naive", "exponential_smoothing"]
    flat = found.to_json()
    assert {"mase", "owa", "coverage_low", "verdict", "rivals", "seconds"} <= flat.keys()
    loses = any(flat["mase"] >= rival["mase"] for rival in flat["rivals"].values())
    assert ("loses to" in found.verdict()) == loses
    assert found.by_series()["a"].keys() == {"model", "seasonal_naive", "exponential_smoothing"}


def test_a_longer_horizon_another_model_and_too_little_history_are_named(trained_once: Path, tmp_path: Path) -> None:
    forecaster = load_forecaster([trained_once / "run"])
    series = forecaster.read(trained_once / "series.csv").series
    with pytest.raises(Mistake, match="forecast 12 steps, and 13 are wanted"):
        forecaster.forecast(series, 13)
    with pytest.raises(Mistake, match="'a' has 20 values, and a window needs 24"):
        forecaster.forecast([series[0].until(20)])
    other = Path(__file__).parents[1] / "folders" / "0.1.0" / "luong" / "exported"
    with pytest.raises(Mistake, match="holds a luong that was not trained to forecast"):
        load_forecaster([other])


def test_the_commands_forecast_draw_and_evaluate(trained: Path, shell: Shell) -> None:
    series, run = trained / "series.csv", trained / "run"
    said = shell("forecast", run, series, "--horizon", "3", "--chart", trained / "fan.png")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert said.code == 0 and len(rows) == 6 and [*rows[0]] == column_names(), said
    assert (trained / "fan.png").read_bytes().startswith(b"\x89PNG")
    said = shell("forecast", run, series, "--json")
    assert [json.loads(line)["unique_id"] for line in said.out.splitlines()] == ["a", "b"]
    said = shell("evaluate", run, series, "--rolling", "2", "--json", trained / "figures.json")
    assert said.code == 0 and "exponential_smoothing minus model" in said.out and "MASE" in said.out, said
    assert json.loads((trained / "figures.json").read_text())["n"] == 4
    for words in (("forecast", run), ("evaluate", run)):
        said = shell(*words)
        assert said.code == 2 and "one file of series" in said.err, said


def test_training_on_the_command_line_takes_a_horizon(trained: Path, shell: Shell) -> None:
    settings = ["--set", "model.size=16", "--set", "training.max_updates=5"]
    said = shell("train", trained / "series.csv", "--horizon", "6", "--out", trained / "new", *settings)
    assert said.code == 0 and "unspool forecast" in said.err, said
    said = shell("train", "--resume", "--out", trained / "new", "--set", "training.max_updates=6")
    assert said.code == 0, said
    (trained / "semicolons.csv").write_text((trained / "series.csv").read_text().replace(",", ";"))
    flags = ["--horizon", "6", "--out", trained / "new", "--delimiter", "semicolon"]
    said = shell("train", trained / "semicolons.csv", *flags, *settings)
    assert said.code == 2 and "already holds a run" in said.err
    assert shell("train", trained / "semicolons.csv", *flags, "--overwrite", *settings).code == 0
    assert shell("forecast", trained / "new", trained / "semicolons.csv").out.count("\n") == 13
    said = shell("train", "--horizon", "6", "--out", trained / "none")
    assert said.code == 2 and "trained on one file of series" in said.err


def test_an_interrupted_training_leaves_what_a_resumed_one_needs(
    trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(report: object) -> None:
        raise Interrupted(1)

    values = TINY | {"series": {"horizon": 12}}
    table = forecasting.read(trained / "series.csv", values)
    with pytest.raises(Interrupted):
        forecasting.begin(table, trained / "stopped", values, on_report=stop, on_message=lambda message: None)
    assert (trained / "stopped" / disk.HELD_OUT).exists()


def test_the_chart_shows_whole_numbers_and_dates(trained_once: Path, tmp_path: Path) -> None:
    forecaster = load_forecaster([trained_once / "run"])
    dated = forecaster.read(trained_once / "series.csv").series
    plain = read_series({"ds": np.arange(60), "y": np.arange(60.0)}).series
    series = [dated[0], *plain]
    came = [np.ones(12), np.ones(12)]
    assert fan_chart(tmp_path / "fan.png", series, forecaster.forecast(series), came) == []


def test_a_short_series_keeps_no_other_from_its_forecast(shell: Shell, trained: Path, tmp_path: Path) -> None:
    table = trained / "series.csv"
    with table.open("a") as file:
        file.write("".join(f"tiny,{stamp},{number}\n" for number, stamp in enumerate(HOURS[:5])))
    said = shell("forecast", trained / "run", table)
    assert said.code == 0 and "Left out: 1 series" in said.err and "'tiny'" in said.err
    assert {row["unique_id"] for row in csv.DictReader(io.StringIO(said.out))} == {"a", "b"}
    evaluated = shell("evaluate", trained / "run", table, "--rolling", "40")
    assert evaluated.code == 0 and "histories, with fewer than" in evaluated.err + evaluated.out, evaluated.err
    only = tmp_path / "tiny.csv"
    only.write_text("unique_id,ds,y\n" + "".join(f"tiny,{stamp},{n}\n" for n, stamp in enumerate(HOURS[:5])))
    assert shell("forecast", trained / "run", only).code == 2
