"""A graph that names another file for its data is refused before ONNX Runtime sees it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from unspool.errors import Mistake
from unspool.runtime.external_data import refuse_external_data
from unspool.runtime.session import open_session

PATH = Path("step.onnx")


def external(place: str = "../secret") -> TensorProto:
    tensor = numpy_helper.from_array(np.ones(3, dtype=np.float32), "w")
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=place)
    return tensor


def model(*nodes: onnx.NodeProto, weights: tuple[TensorProto, ...] = ()) -> onnx.ModelProto:
    out = helper.make_tensor_value_info("y", TensorProto.FLOAT, [3])
    return helper.make_model(helper.make_graph(list(nodes), "g", [], [out], list(weights)), ir_version=8)


def constant(tensor: TensorProto) -> onnx.NodeProto:
    return helper.make_node("Constant", [], ["y"], value=tensor)


def branch(tensor: TensorProto) -> onnx.NodeProto:
    graph = model(constant(tensor)).graph
    return helper.make_node("If", ["c"], ["y"], then_branch=graph, else_branch=graph)


def sparse(tensor: TensorProto) -> onnx.ModelProto:
    made = model()
    made.graph.sparse_initializer.add().values.CopyFrom(tensor)
    return made


def function(tensor: TensorProto) -> onnx.ModelProto:
    made = model()
    made.functions.append(helper.make_function("d", "f", [], ["y"], [constant(tensor)], [helper.make_opsetid("", 18)]))
    return made


PLACES: dict[str, Callable[[TensorProto], onnx.ModelProto]] = {
    "a weight": lambda tensor: model(weights=(tensor,)),
    "a constant": lambda tensor: model(constant(tensor)),
    "a branch": lambda tensor: model(branch(tensor)),
    "a sparse weight": sparse,
    "a function": function,
}


@pytest.mark.parametrize("place", PLACES)
def test_data_of_another_file_is_found_wherever_a_tensor_can_be(place: str) -> None:
    inside = numpy_helper.from_array(np.ones(3, dtype=np.float32), "w")
    refuse_external_data(PATH, PLACES[place](inside).SerializeToString())
    with pytest.raises(Mistake, match=r"step\.onnx reads data from other files"):
        refuse_external_data(PATH, PLACES[place](external()).SerializeToString())


def test_a_place_without_the_mark_is_refused_too() -> None:
    tensor = external()
    tensor.data_location = TensorProto.DEFAULT
    with pytest.raises(Mistake, match="other files"):
        refuse_external_data(PATH, model(weights=(tensor,)).SerializeToString())


@pytest.mark.parametrize("content", [b"\x00", b"<html>" * 9, b"\x3a\xff\x01", b"\x3a\x80", b"\x3b"])
def test_what_is_no_graph_is_a_mistake(content: bytes) -> None:
    with pytest.raises(Mistake, match=r"step\.onnx is not a graph"):
        refuse_external_data(PATH, content)


@pytest.mark.parametrize("place", ["weights", "../secret", "/etc/hostname"])
def test_it_is_not_opened(place: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for path in (folder / "weights", tmp_path / "secret"):
        path.write_bytes(bytes(12))
    (folder / "step.onnx").write_bytes(model(weights=(external(place),)).SerializeToString())
    with pytest.raises(Mistake, match="other files"):
        open_session(folder / "step.onnx")
