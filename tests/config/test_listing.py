"""`unspool settings` lists every setting, and each says what it is."""

from __future__ import annotations

import pytest

from unspool.config import resolve
from unspool.config.listing import settings_of
from unspool.config.run import SECTIONS, RunConfig, model_settings
from unspool.errors import Mistake
from unspool.models.registry import models

every_model = pytest.mark.parametrize("name", model_settings())


@every_model
def test_every_setting_is_listed_once_with_a_description(name: str) -> None:
    listed = settings_of(name)
    keys = [setting.key for setting in listed]
    sections = {"model": model_settings()[name], **SECTIONS}
    wanted = {f"{section}.{key}" for section, kind in sections.items() for key in kind.model_fields}
    wanted |= {key for key in RunConfig.model_fields if key not in sections}
    assert set(keys) == wanted - {"model.name"} and len(set(keys)) == len(keys)
    assert [setting.key for setting in listed if len(setting.description) < 5 or not setting.type] == []


@every_model
def test_the_listed_defaults_are_what_an_empty_configuration_has(name: str) -> None:
    dumped = resolve({"model": name}).model_dump()
    for setting in settings_of(name):
        section, _, key = setting.key.rpartition(".")
        assert (dumped[section] if section else dumped)[key] == setting.default


def test_an_unknown_model_names_the_nearest() -> None:
    with pytest.raises(Mistake, match=r"Unknown model 'transfomer'\. Did you mean 'transformer'"):
        settings_of("transfomer")


@pytest.mark.parametrize("name", models())
def test_every_model_understands_one_width(name: str) -> None:
    wide, plain = (resolve({"model": {"name": name} | size}).model for size in ({"size": 48}, {}))
    widths = {key for key, value in wide if getattr(plain, key) != value}
    assert widths and {getattr(wide, key) for key in widths} == {48}
    assert all(key.endswith("size") for key in widths)


def test_a_width_of_its_own_wins_over_the_common_one() -> None:
    model = resolve({"model": {"size": 48, "decoder_size": 20}}).model.model_dump()
    assert (model["encoder_size"], model["decoder_size"]) == (48, 20)
