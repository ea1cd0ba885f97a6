"""Devices by name."""

from __future__ import annotations

import pytest
import torch

from unspool.devices import device_of
from unspool.errors import Mistake


def test_the_processor_is_always_there() -> None:
    assert device_of("cpu") == torch.device("cpu")
    assert device_of("auto").type in ("cpu", "cuda")


@pytest.mark.parametrize("name", ["gpu", "cuda:99", ""])
def test_a_device_that_is_not_there_is_the_users_mistake(name: str) -> None:
    with pytest.raises(Mistake, match=r"There is no (device|GPU)") as caught:
        device_of(name)
    assert "--device" in caught.value.remedy


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
@pytest.mark.parametrize("name", ["cuda", "cuda:1", "gpu"])
def test_without_a_gpu_it_is_said_that_there_is_none(name: str) -> None:
    with pytest.raises(Mistake, match=rf"There is no GPU to use for '{name}'.*Leave --device out"):
        device_of(name)
