"""Forecasts of fourteen well-known series that come with statsmodels, or of the user's own, by one model.

Carbon dioxide at Mauna Loa and the temperature of the eastern Pacific (months), the United States' economy (quarters),
sunspots and the flow of the Nile (years). The end of every series is held out, and forecast from several points of
the past; a table has the same errors of the seasonal naive forecast and of exponential smoothing. All results are
stored in the folder, so a second call prints them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from unspool import folder as disk
from unspool.config.values import merged
from unspool.errors import MissingExtra, Mistake
from unspool.explain.fan_chart import fan_chart
from unspool.forecasts import forecasting
from unspool.forecasts.evaluation import ForecastEvaluation, evaluate_forecaster, spoken
from unspool.forecasts.forecaster import Forecaster, load_forecaster
from unspool.plural import counted
from unspool.recipes.program import program
from unspool.recipes.training import Screen
from unspool.screens.figures import aligned
from unspool.series.forecast import as_csv, columns_of_forecasts
from unspool.series.reading import read_series
from unspool.series.seasons import seasons_of
from unspool.series.series import Series, SeriesTable
from unspool.storage.atomic import replace

MINUTES = 3.0
# Steps ahead, points of the past of the evaluation, and the largest share of a series that they take.
HORIZON, ROLLING, TESTED = 12, 6, 0.3
SETTINGS: dict[str, dict[str, Any]] = {"series": {"missing": "interpolate"}, "training": {}}
ECONOMY = ("realgdp", "realcons", "realinv", "realgovt", "realdpi", "cpi", "m1", "tbilrate", "unemp", "pop")

Row = tuple[str, str, float]


def run(out: Path, minutes: float | None, screen: Screen, data: Path | None = None) -> str:
    """Train or resume, evaluate, forecast, draw, and return the text to show. data: a CSV of series instead."""
    path = out / "data" / "series.csv" if data is None else data
    if data is None and not path.exists():
        replace(path, table_of_known_series().encode())
    table = read_series(path)
    horizon = HORIZON if data is None else horizon_of(table.series)
    series = long_enough(table.series, horizon, screen.say)
    known = [one.until(len(one) - tested_steps(len(one), horizon)) for one in series]
    with screen.training() as on_report:
        if disk.holds_a_run(out):
            changes = {} if minutes is None else {"training": {"max_minutes": minutes}}
            forecasting.resume(out, changes, on_report=on_report, on_message=screen.say)
        else:
            limits = {"max_minutes": MINUTES if minutes is None else minutes}
            settings = merged(SETTINGS, {"series": {"horizon": horizon}, "training": limits})
            learned = SeriesTable(known, table.past, table.known, table.messages)
            forecasting.begin(learned, out, settings, on_report=on_report, on_message=screen.say)
    forecaster = load_forecaster([out])
    screen.say("Evaluating on the ends of the series, which training never saw …")
    found = evaluate_forecaster(forecaster, series, rolling=ROLLING, stride=max(1, horizon // 4))
    disk.write_json(out / disk.EVALUATION, found.to_json())
    text = show(forecaster, series, found, out, path, screen)
    replace(out / disk.SUMMARY, text.encode())
    return text


def horizon_of(series: Sequence[Series]) -> int:
    """As many of the shortest season as are 12 steps or more; at most 48 steps."""
    seasons = [found[0] for one in series if (found := seasons_of(one, None))]
    season = min(seasons, default=1)
    return min(season * -(-HORIZON // season), 4 * HORIZON)


def long_enough(series: Sequence[Series], horizon: int, say: Callable[[str], None]) -> list[Series]:
    """The series that are longer than their tested end and a horizon to learn from; the others are counted and said."""
    kept = [one for one in series if len(one) >= 2 * horizon]
    few = f"fewer than the {2 * horizon} steps that a forecast of {horizon} steps is learned and tested with"
    if not kept:
        longest = max(map(len, series))
        raise Mistake(f"The longest series has {longest} steps, {few}.", "Give longer series: --data FILE")
    if left_out := len(series) - len(kept):
        say(f"{counted(left_out, 'series has', 'series have')} {few}; left out.")
    return kept


def tested_steps(length: int, horizon: int) -> int:
    """The steps at the end of a series that the evaluation forecasts."""
    wanted = horizon + (ROLLING - 1) * max(1, horizon // 4)
    return max(horizon, min(wanted, int(TESTED * length)))


def table_of_known_series() -> str:
    """The series as a CSV in the long format."""
    rows = "".join(f"{name},{stamp},{value:.8g}\n" for name, stamp, value in known_series())
    return f"unique_id,ds,y\n{rows}"


def known_series() -> Iterator[Row]:
    """Name, date and value of each row."""
    try:
        from statsmodels import datasets
    except ImportError:
        raise MissingExtra("The forecast recipe", "forecast") from None
    weekly = datasets.co2.load_pandas().data["co2"]
    yield from _rows("co2", weekly.resample("MS").mean().dropna())
    for _, year in datasets.elnino.load_pandas().data.iterrows():
        for month, value in enumerate(year.to_numpy()[1:], 1):
            yield "elnino", f"{int(year['YEAR'])}-{month:02}-01", float(value)
    economy = datasets.macrodata.load_pandas().data
    dates = [
        f"{int(year)}-{3 * int(quarter) - 2:02}-01" for year, quarter in zip(economy.year, economy.quarter, strict=True)
    ]
    for name in ECONOMY:
        yield from zip([name] * len(dates), dates, economy[name].tolist(), strict=True)
    for name, frame, year, value in (
        ("sunspots", datasets.sunspots.load_pandas().data, "YEAR", "SUNACTIVITY"),
        ("nile", datasets.nile.load_pandas().data, "year", "volume"),
    ):
        for one in frame.itertuples():
            yield name, f"{int(getattr(one, year))}-01-01", float(getattr(one, value))


def show(
    forecaster: Forecaster, series: Sequence[Series], found: ForecastEvaluation, out: Path, path: Path, screen: Screen
) -> str:
    """The text at the end: a table, the verdict, a picture, the forecasts, and the next command."""
    picture, table = out / "forecast.png", out / "forecast.csv"
    forecasts = forecaster.forecast(series)
    replace(table, as_csv(columns_of_forecasts(forecasts)).encode())
    for note in fan_chart(picture, found.known[::ROLLING], found.forecasts[::ROLLING], found.came[::ROLLING]):
        screen.say(note)
    lines = [f"MASE of {found.figures.count:,} forecasts of {forecaster.shape.horizon} steps, series by series:", ""]
    lines += [f"  {line}" for line in table_of(found)]
    figures = found.figures.to_json()
    inside = f"{figures['interval']:.0f} % intervals hold {figures['coverage']:.1f} % of the values."
    lines += ["", found.verdict(), inside, "", f"What came, beside what was forecast: {picture}"]
    lines += [f"The next steps of every series: {table}", f"All metrics: {out / disk.EVALUATION}", ""]
    lines += ["Next, forecast series of your own (unique_id, ds, y):"]
    lines += [f"  {program()} forecast {out} {path} --chart forecast.png"]
    return "\n".join(lines)


def table_of(found: ForecastEvaluation) -> Iterator[str]:
    """The MASE of each series, and of all."""
    methods = ["model", *found.rivals]
    rows = [["series", *map(spoken, methods)]]
    for name, errors in found.by_series().items():
        rows.append([name, *(f"{errors[method]:.3f}" for method in methods)])
    whole = [found.figures, *found.rivals.values()]
    rows.append(["all", *(f"{one.estimates['mase'].value:.3f}" for one in whole)])
    return aligned(rows)


def _rows(name: str, values: Any) -> Iterator[Row]:
    for stamp, value in values.items():
        yield name, str(stamp.date()), float(value)
