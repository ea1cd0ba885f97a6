"""Real values for each item of the source, and what is said of those that do not fit."""

from __future__ import annotations

import numpy as np
import pytest

from unspool.config import DataConfig
from unspool.config.data import FrameSettings
from unspool.errors import Mistake
from unspool.fields.aligned_values import AlignedValuesField
from unspool.fields.field import ColumnData
from unspool.fields.registry import read_field
from unspool.fields.values import ValuesField

FIELD = AlignedValuesField(np.zeros(2), np.ones(2))


def test_a_target_has_a_step_for_each_item() -> None:
    FIELD.check(np.zeros((3, 2)), np.zeros((3, 2)), np.zeros((3, 1)))
    with pytest.raises(Mistake, match="3 items, and the target 2 steps"):
        FIELD.check(np.zeros((2, 2)), np.zeros((2, 2)), np.zeros((3, 1)))
    with pytest.raises(Mistake, match="Sequence 9: 1 item in the source, and 2 steps"):
        FIELD.check_many(np.array([3, 1]), np.array([3, 2]), [8, 9])


def test_what_is_scored_ends_with_the_source() -> None:
    assert len(FIELD.match(np.zeros((5, 2)), np.zeros((3, 1)))) == 3
    assert FIELD.steps(7, 3) == 7 and FIELD.longest_answer(3, DataConfig(max_source=9)) == 9


@pytest.mark.parametrize("kind", [ValuesField, AlignedValuesField])
def test_how_sound_became_frames_is_kept(kind: type[ValuesField]) -> None:
    frames = [np.random.default_rng(1).normal(size=(5, 3))]
    config = DataConfig(sample_rate=8000, mels=3)
    field = kind.fit([ColumnData(lambda: frames, lambda: frames, "sound")], config, "target").field
    again = read_field(field.to_json(), [kind.kind], config, "target")
    assert isinstance(again, kind) and again.sound == FrameSettings(8000, 3, 25.0, 10.0)
    assert "frames of sound" in again.summary
    with pytest.raises(ValueError, match="sample_rate"):
        read_field(field.to_json() | {"sound": {"sample_rate": -1}}, [kind.kind], config, "target")
    assert "sound" not in kind(np.zeros(1), np.ones(1)).to_json()
