"""Mean absolute error of real values over all steps and features; the median of a density makes it least."""

from __future__ import annotations

from functools import partial

import numpy as np

from unspool.metrics.metric import Metric, spread_extremes
from unspool.metrics.value_errors import outcomes_of

MAE = Metric("mae", -1, "values", partial(outcomes_of, np.abs), extremes=spread_extremes)
