"""Series and their future: training and calibrating a forecaster, asking it, and measuring it beside its rivals."""
