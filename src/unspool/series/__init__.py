"""Time series: tables of them, windows with a scale of their own, calibrated forecasts. No network and no PyTorch.

steps, calendar                   how far apart values are, and what their time says
series, long_format, wide_format  tables of series, checked
scaling, windows, examples        from series to pairs of arrays, and from answers back to values
forecast, calibration, judging    quantiles, made honest on held-out windows, and measured
"""
