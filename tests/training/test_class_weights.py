"""Balanced class weights: rare labels count as much as common ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import unspool
from unspool.errors import Mistake
from unspool.training.class_weights import balanced
from unspool.training.objectives import likelihood
from unspool.types import FIRST_LABEL
from worlds import PLAIN, assert_same

LABELS = [world for world in PLAIN if world.labels and world.writes_symbols]


def test_every_label_has_the_same_total_weight_and_the_mean_is_one() -> None:
    ids = np.array([4] * 90 + [5] * 9 + [7])
    weights = balanced(ids, 9)
    np.testing.assert_allclose(weights[[4, 5, 7]], [100 / 270, 100 / 27, 100 / 3], rtol=1e-6)
    assert weights[[0, 6, 8]].tolist() == [1, 1, 1]
    assert weights[ids].mean() == pytest.approx(1)


@pytest.mark.parametrize("world", LABELS, ids=lambda w: w.model)
def test_each_target_is_weighted_by_its_label_and_the_reported_loss_is_not(world: Any) -> None:
    model, batch = world.build(), world.examples()
    count = world.dimensions.target.count
    plain = likelihood(model, *batch, 0.1)
    total = torch.zeros(())
    for label in range(FIRST_LABEL, count):
        alone = torch.zeros(count)
        alone[label] = label
        total = total + likelihood(model, *batch, 0.1, class_weights=alone).smoothed
    found = likelihood(model, *batch, 0.1, class_weights=torch.arange(count).float())
    assert_same((found.smoothed, found.nll), (total, plain.nll))
    assert abs(found.smoothed - plain.smoothed) > 1e-3


@pytest.mark.parametrize(("setting", "rare"), [("none", 0.1), ("balanced", 0.5)])
def test_a_source_that_tells_nothing_gets_each_label_as_often_as_it_weighs(
    setting: str, rare: float, tmp_path: Path
) -> None:
    data = tmp_path / "uneven.tsv"
    data.write_text("a b\tcommon\n" * 180 + "a b\trare\n" * 20, encoding="utf-8")
    settings = {"training.class_weights": setting, "training.max_updates": 60, "training.label_smoothing": 0.0}
    sizes = {"model.name": "classifier", "model.encoder_size": 8, "model.embedding_size": 4, "model.dropout": 0.0}
    others = {"training.learning_rate": 0.05, "training.averaging": 0.0, "data.source_tokenizer": "words"}
    model = unspool.train(data, out=tmp_path / "run", valid=data, settings=settings | sizes | others)
    (score,) = model.score([("a b", "rare")])
    assert np.exp(score.log_prob) == pytest.approx(rare, abs=0.05)


def test_for_other_targets_they_are_a_mistake(tmp_path: Path) -> None:
    data = tmp_path / "pairs.tsv"
    data.write_text("a\tb\nc\td\n" * 20, encoding="utf-8")
    with pytest.raises(Mistake, match="is for labels") as caught:
        unspool.train(data, out=tmp_path / "run", model="luong", settings={"training.class_weights": "balanced"})
    assert "classifier" in caught.value.remedy and not (tmp_path / "run").exists()
