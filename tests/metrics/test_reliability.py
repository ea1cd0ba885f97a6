"""Tenths of confidence with their shares of right answers, and the figures of answering only where it is high."""

from __future__ import annotations

import numpy as np
import pytest

from unspool.metrics.reliability import calibration_error, reliability, selective

CONFIDENCES = np.array([0.05, 0.31, 0.39, 0.9, 0.95, 1.0])
RIGHT = np.array([False, True, False, True, True, False])


def test_each_answer_is_in_one_tenth_and_the_error_is_the_mean_distance() -> None:
    bins = reliability(CONFIDENCES, RIGHT)
    assert [(each.low, each.answers) for each in bins] == [(0.0, 1), (0.3, 2), (0.9, 3)]
    assert [each.confidence for each in bins] == pytest.approx([5, 35, 95])
    assert [each.right for each in bins] == pytest.approx([0, 50, 200 / 3])
    assert calibration_error(bins) == pytest.approx((5 + 2 * 15 + 3 * (95 - 200 / 3)) / 6)
    assert calibration_error([]) == 0
    assert bins[1].to_json() == {"from": 0.3, "to": 0.4, "n": 2, "confidence": 35.0, "right": 50.0}


def test_answers_below_the_least_confidence_do_not_count() -> None:
    figures = selective(CONFIDENCES, RIGHT, 0.9)
    assert figures["answered"] == 50 and figures["right_of_answered"] == pytest.approx(200 / 3, abs=1e-3)
    assert figures["right_of_answered_low"] < figures["right_of_answered"] < figures["right_of_answered_high"]
    assert "right_of_answered" not in selective(CONFIDENCES[:1], RIGHT[:1], 0.9)
