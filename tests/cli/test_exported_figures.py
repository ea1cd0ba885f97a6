"""What an export prints of its checks."""

from __future__ import annotations

from unspool.cli.export import figures


def test_quantized_models_of_symbols_and_of_densities_say_how_near_they_are() -> None:
    near = {"sources": 100, "log_prob": 0.0123}
    said = figures({"log_prob": 1e-6, "quantized": near | {"answers": 0.97, "choices": 0.991}})
    assert said[1].startswith("As int8, 97% of the greedy answers to 100 random sources are the same, 99.1%")
    said = figures({"log_prob": 1e-6, "quantized": near})
    assert said[1] == "As int8, log-densities of 100 random answers differ by 0.012 nats an item on average."
    assert len(figures({"log_prob": 1e-6})) == 1
