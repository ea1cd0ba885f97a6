"""Nats a point of drawn characters: Graves's layers of LSTM beside one layer of a plain RNN, and points without order.

The rows: a mixture of full Gaussians fitted to dx and dy alone, with the shares of the pen's states; one layer of a
plain RNN with as many parameters as the LSTM; three layers of LSTM with skip connections.

Points that lie on a grid, as pixels do, have no density: a narrow enough Gaussian on each node has any height. So every
row reads the points moved within their cell of the grid at random. The density of these bounds the probability of the
nodes (Theis, van den Oord and Bethge 2016, arXiv:1511.01844, section 3.1).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.mixture import GaussianMixture

import unspool
from benchmarks.speed import results
from benchmarks.speed.tools.unspool import Unspool
from unspool.data.drawings import read, write_drawings
from unspool.ink.drawing import Drawing
from unspool.model import Model
from unspool.types import Array

NAMES = ("short_kanji", "omniglot")
COMPONENTS = 20
# Drawings along a side of the sheet, and how tidy they are.
SIDE, BIAS = 8, 0.5
NOTES = (
    "Nats a point on the scale of the data, on the valid part, the end of a drawing included in every row.",
    "Points are moved within their cell of the drawing's grid at random, the same for all rows.",
    "Mixture: scikit-learn, 20 full Gaussians of dx and dy, fitted to all training points, and the pen's states by "
    "their shares. The networks have 20 components, and are trained for the same minutes.",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder that holds omniglot.npz and short_kanji.npz")
    parser.add_argument("--names", nargs="+", default=[*NAMES], choices=NAMES)
    parser.add_argument("--minutes", type=float, default=10.0, help="of each training")
    parser.add_argument("--size", type=int, default=200, help="width of each layer of LSTM")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1])
    parser.add_argument("--out", type=Path, default=Path("runs/strokes"), help="keeps every run")
    given = parser.parse_args()
    print(f"{len(given.names) * len(given.seeds) * 2} trainings of {given.minutes:g} minutes each.", flush=True)
    rows: list[results.Row] = []
    for name in given.names:
        files = [given.out / f"{name}-{part}.npz" for part in ("train", "valid")]
        train, valid = (
            part_of(given.data / f"{name}.npz", part, file) for part, file in zip(PARTS, files, strict=True)
        )
        rows.append(
            {"data": name, "model": "mixture of points", "seed": 1, "nats/point": round(by_mixture(train, valid), 3)}
        )
        for seed in given.seeds:
            for label, settings in networks(given.size).items():
                rows.append(
                    {"data": name, "model": label, "seed": seed} | trained(name, label, settings, files, seed, given)
                )
                print(rows[-1], flush=True)
    kept = {"minutes": given.minutes, "size": given.size, "seeds": given.seeds}
    print(results.keep("strokes", [Unspool()], kept, rows, NOTES))


PARTS = ("train", "valid")


def part_of(path: Path, part: str, into: Path) -> list[Array]:
    """The drawings of a part, each point somewhere in its cell of the grid, also written as a file of ours."""
    arrays, draw = np.load(path), np.random.default_rng(PARTS.index(part))
    drawings = np.split(arrays[part].astype(float), np.cumsum(arrays[f"{part}_lengths"])[:-1])
    for drawing in drawings:
        drawing[:, :2] += cell(drawing) * draw.uniform(-0.5, 0.5, (len(drawing), 2))
    into.parent.mkdir(parents=True, exist_ok=True)
    write_drawings(into, drawings)
    return drawings


def cell(drawing: Array) -> float:
    """The distance of two nodes of the grid of a drawing: its smallest step. Each was scaled by a factor of its own."""
    steps = np.abs(drawing[:, :2])
    return float(steps[steps > 0].min()) if (steps > 0).any() else 0.0


def by_mixture(train: list[Array], valid: list[Array]) -> float:
    """The nats of a point of the valid part without anything before it."""
    points, other = (np.concatenate(side).astype(float) for side in (train, valid))
    scale = points[:, :2].std(0)
    fitted = GaussianMixture(COMPONENTS, reg_covar=1e-6, random_state=1, max_iter=200).fit(points[:, :2] / scale)
    states, others = (np.concatenate([pens(one) for one in side]) for side in (train, valid))
    shares = np.bincount(states, minlength=3) / len(states)
    return float(-fitted.score(other[:, :2] / scale) + np.log(scale).sum() - np.log(shares[others]).mean())


def pens(drawing: Array) -> Array:
    """The states of the pen, the last one the end."""
    return np.append(drawing[:-1, 2].astype(int), 2)


def networks(size: int) -> dict[str, dict[str, Any]]:
    """Both networks, with as many parameters: 20 n² in three layers of LSTM, n² in one of a plain RNN."""
    plain = round(size * 20**0.5)
    return {
        f"plain RNN, 1 x {plain}": {"model.cell": "rnn", "model.layers": 1, "model.size": plain},
        f"LSTM, 3 x {size}": {"model.cell": "lstm", "model.layers": 3, "model.size": size},
    }


def trained(
    name: str, label: str, settings: dict[str, Any], files: list[Path], seed: int, given: argparse.Namespace
) -> dict[str, Any]:
    """The figures of a network."""
    out, begun = given.out / f"{name}-{label.split(',')[0].replace(' ', '-')}-{seed}", time.monotonic()
    shared = {"model.components": COMPONENTS, "model.dropout": 0.0, "training.learning_rate": 2e-3}
    model = unspool.train(
        files[0], valid=files[1], out=out, model="graves", settings=shared | settings, seed=seed, overwrite=True,
        max_minutes=given.minutes, progress=False,
    )  # fmt: skip
    figures = model.evaluate(files[1])
    draw_sheet(model, read(files[1]), out.with_suffix(".png"))
    return {"nats/point": round(figures["nll"], 3), "minutes": round((time.monotonic() - begun) / 60, 1)}


def draw_sheet(model: Model, valid: Iterable[Drawing], path: Path) -> None:
    """A picture of 8 x 8 drawings of the model beside 8 x 8 of the data."""
    from matplotlib.figure import Figure

    drawn = model.predict([np.zeros((0, 3))] * SIDE**2, sample=True, bias=BIAS)
    own = [one.values for one in drawn if one.values is not None]
    figure = Figure(figsize=(2 * SIDE, SIDE))
    for half, title, drawings in (
        (0, f"drawn by the model, bias {BIAS}", own),
        (1, "of the valid part", [one.points for one in islice(valid, SIDE**2)]),
    ):
        axes = figure.add_subplot(1, 2, half + 1, title=title, aspect="equal")
        axes.axis("off")
        axes.invert_yaxis()
        for number, points in enumerate(drawings):
            for stroke in strokes_in_cell(points, number % SIDE, number // SIDE):
                axes.plot(*stroke.T, color="black", linewidth=0.8)
    figure.savefig(path, dpi=100, bbox_inches="tight")


def strokes_in_cell(points: Array, column: int, row: int) -> list[Array]:
    """The strokes `[n, 2]` of a drawing `[T, 3]`, 0.8 wide or high, in a cell of a grid whose cells are 1 wide."""
    if not len(points):
        return []
    way = np.cumsum(points[:, :2], axis=0)
    way = (way - (way.max(0) + way.min(0)) / 2) / max(float(np.ptp(way, axis=0).max()), 1e-9)
    lifted = np.flatnonzero(points[:, 2] > 0) + 1
    return np.split(0.8 * way + (column, row), lifted[lifted < len(points)])


if __name__ == "__main__":
    main()
