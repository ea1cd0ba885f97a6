"""What both graphs are given and say, for whoever runs them without us."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from exported import exported
from unspool.runtime.manifest import ENCODER, STEP
from worlds import PLAIN, examples

LUONG = next(world for world in PLAIN if (world.model, world.label) == ("luong", "default"))
SUTSKEVER = next(world for world in PLAIN if (world.model, world.label) == ("sutskever", "default"))
LAYERS = ["state.layers.0.0", "state.layers.0.1"]
READ = ["memory.states", "memory.keys", "memory.mask"]


def names(values: list[onnx.ValueInfoProto]) -> list[str]:
    return [value.name for value in values]


def free(value: onnx.ValueInfoProto) -> list[bool]:
    return [bool(dimension.dim_param) for dimension in value.type.tensor_type.shape.dim]


def test_inputs_and_outputs_are_called_as_the_reference_says() -> None:
    encoder, step = (onnx.load(exported(LUONG) / name).graph for name in (ENCODER, STEP))
    assert (names(encoder.input), names(encoder.output)) == (["source", "lengths"], ["first", *LAYERS, *READ])
    assert set(names(step.input)) == {"last", "rows", "n", "log_prob_of", *LAYERS, *READ}
    answers = ["items", "log_probs", "log_prob", "everything"]
    assert names(step.output) == [*answers, "attention", *(f"next.{name}" for name in LAYERS)]


def test_of_a_memory_that_no_step_reads_nothing_is_carried() -> None:
    assert not [name for name in names(onnx.load(exported(SUTSKEVER) / ENCODER).graph.output) if "memory" in name]


@pytest.mark.parametrize("name", [ENCODER, STEP])
def test_graphs_are_valid_have_free_axes_and_no_loop(name: str) -> None:
    model = onnx.load(exported(LUONG) / name)
    onnx.checker.check_model(model)
    assert all(free(value)[0] for value in model.graph.input if value.name != "n")
    assert not {"Loop", "Scan", "If"} & {node.op_type for node in model.graph.node}


def test_onnx_runtime_alone_takes_a_step() -> None:
    model, source = LUONG.build(), examples((3, 0)).source
    encoder, step = (onnxruntime.InferenceSession(exported(LUONG) / name) for name in (ENCODER, STEP))
    opened = encoder.run(None, {"source": source.values.numpy(), "lengths": source.lengths.numpy()})
    carried = dict(zip([output.name for output in encoder.get_outputs()], opened, strict=True))
    rows = np.array([1, 1, 0, 0])
    given = np.array([5, 3, 7, 2])
    asked = {"last": np.array([4, 5, 6, 7]), "rows": rows, "n": np.array([3]), "log_prob_of": given}
    memory = {name: carried[name][[1, 0]] for name in READ}
    items, log_probs, log_prob, everything, attention, h, _ = step.run(
        None, asked | memory | {name: carried[name] for name in LAYERS}
    )
    with torch.no_grad():
        read = model.encode(source)
        _, state = model.start(read)
        taken = state._replace(layers=tuple(tuple(leaf[rows] for leaf in cell) for cell in state.layers))
        expected, following = model.step(torch.from_numpy(asked["last"]), taken, type(read)(
            read.states[[1, 0]], read.keys[[1, 0]], read.mask[[1, 0]], None))  # fmt: skip
        best, scores = model.head.top_k(expected, 3, read)
        table = model.head.log_probs(expected, read)
    np.testing.assert_array_equal(items, best)
    np.testing.assert_allclose(log_probs, scores, atol=1e-5)
    np.testing.assert_allclose(everything, table, atol=1e-5)
    np.testing.assert_array_equal(log_prob, everything[np.arange(4), given - 2])
    np.testing.assert_allclose(attention, expected.attention, atol=1e-5)
    np.testing.assert_allclose(h, following.layers[0][0], atol=1e-5)
