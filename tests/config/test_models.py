"""Typed settings: a class for each model, told apart by its name, written to run.json and read back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from unspool import folder as disk
from unspool.config import RunConfig, resolve
from unspool.config.model_families import AnyModelSettings
from unspool.config.run import model_settings
from unspool.errors import Mistake
from unspool.models.registry import models

every_model = pytest.mark.parametrize("name", model_settings())
METADATA = disk.RunMetadata(
    unspool="0", versions={}, begun="", files={"data": [], "aligned": []}, fingerprint="",
    sizes=(9, 9, 0), pairs=1, validation_sources=1,
    padding_waste=0, metrics=["exact_match"], metric="exact_match", bleu_tokenizer="13a",
)  # fmt: skip


def other(name: str) -> dict[str, Any]:
    """Every setting of a model that is a size, a share or a switch, at another value than its default."""
    values: dict[str, Any] = {}
    for key, value in model_settings()[name](name=name):
        if isinstance(value, bool):
            values[key] = not value
        elif isinstance(value, int):
            values[key] = 2 * value
        elif isinstance(value, float):
            values[key] = value / 2 + 0.25
        elif key.endswith("cell"):
            values[key] = "rnn"
    return values


def test_each_model_has_settings_of_its_own() -> None:
    assert set(model_settings()) == set(models())
    for name, kind in model_settings().items():
        assert kind(name=name).name == name and issubclass(kind, AnyModelSettings)


@every_model
@pytest.mark.parametrize("changed", [False, True])
def test_settings_come_back_from_a_folder(name: str, changed: bool, tmp_path: Path) -> None:
    config = disk.complete(resolve({"model": {"name": name} | (other(name) if changed else {})}))
    assert type(config.model) is model_settings()[name]
    disk.write_run(tmp_path, config, METADATA)
    assert disk.read_run(tmp_path) == (config, METADATA)
    stored = json.loads((tmp_path / disk.RUN).read_text(encoding="utf-8"))
    assert stored["model"] == name and "name" not in stored["settings"]
    assert stored["settings"] == config.model.model_dump(exclude={"name"})


def test_a_setting_that_a_folder_of_before_lacks_is_not_written_into_it(tmp_path: Path) -> None:
    disk.write_run(tmp_path, resolve({"model": {"name": "luong", "score": "dot"}}), METADATA)
    assert json.loads((tmp_path / disk.RUN).read_text(encoding="utf-8"))["settings"] == {"score": "dot"}


@every_model
def test_a_folder_of_before_lacks_settings_that_came_later_and_gets_their_defaults(name: str, tmp_path: Path) -> None:
    disk.write_run(tmp_path, disk.complete(resolve({"model": name})), METADATA)
    run = json.loads((tmp_path / disk.RUN).read_text(encoding="utf-8"))
    removed = sorted(run["settings"])[0]
    del run["settings"][removed]
    (tmp_path / disk.RUN).write_text(json.dumps(run), encoding="utf-8")
    config, metadata = disk.read_run(tmp_path)
    assert config == resolve({"model": name})
    assert removed not in config.model.model_fields_set
    assert removed in disk.complete(config).model.model_fields_set
    # What its weights belong to is said by the settings that it was written with.
    assert disk.identity(config, metadata, {}, {}) != disk.identity(disk.complete(config), metadata, {}, {})


@every_model
def test_an_unknown_setting_of_a_model_names_the_nearest(name: str) -> None:
    known = sorted(set(model_settings()[name].model_fields) - {"name"})[0]
    with pytest.raises(Mistake, match=rf"Unknown setting 'model\.{known}x'\. Did you mean '{known}'"):
        resolve({"model": {"name": name, f"{known}x": 1}})


@every_model
def test_a_value_of_another_type_is_a_mistake(name: str) -> None:
    for key, value in model_settings()[name](name=name):
        if isinstance(value, bool | int | float):
            with pytest.raises(Mistake, match=rf"Setting 'model\.{key}' cannot be 'many'"):
                resolve({"model": {"name": name, key: "many"}})


def test_a_setting_of_another_model_is_unknown_to_this_one() -> None:
    with pytest.raises(Mistake, match=r"Unknown setting 'model\.score'"):
        resolve({"model": {"name": "bahdanau", "score": "dot"}})


@pytest.mark.parametrize("model", ["luon", {"name": "luon"}, {"name": "luon", "score": "dot"}])
def test_an_unknown_model_names_the_nearest(model: Any) -> None:
    with pytest.raises(Mistake, match=r"Unknown model 'luon'\. Did you mean 'luong'"):
        resolve({"model": model})


def test_a_model_by_its_name_alone_and_no_model_at_all_have_their_defaults() -> None:
    assert resolve({"model": "han"}) == resolve({"model": {"name": "han"}})
    assert resolve({}).model == RunConfig().model == resolve({"model": "luong"}).model
    assert resolve({"model": {"score": "dot"}}).model.name == "luong"


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "odd halves": ({"name": "luong", "encoder_size": 7}, r"odd size 7.*model\.encoder_size even"),
    "odd words": ({"name": "han", "word_size": 5}, r"odd size 5.*model\.word_size even"),
    "odd sentences": ({"name": "han", "sentence_size": 5}, r"odd size 5.*model\.sentence_size even"),
    "unequal products": ({"name": "luong", "score": "dot", "decoder_size": 64}, "512 and 64"),
    "unequal scaled products": ({"name": "luong", "score": "scaled_dot", "decoder_size": 64}, "512 and 64"),
    "two shapes in one": ({"name": "sutskever", "shared": True, "decoder_layers": 3}, "an encoder 2×lstm×512 and"),
    "heads that do not share": ({"name": "transformer", "size": 10, "heads": 4}, "10 cannot be divided among 4"),
    "an odd width of waves": ({"name": "transformer", "size": 9, "heads": 3}, "is odd"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_sizes_that_do_not_fit_together_are_refused_before_anything_is_built(case: str) -> None:
    values, said = REFUSED[case]
    with pytest.raises(Mistake, match=said):
        resolve({"model": values})


@pytest.mark.parametrize(
    "values",
    [
        {"name": "luong", "bidirectional": False, "encoder_size": 7},
        {"name": "classifier", "bidirectional": False, "encoder_size": 7},
        {"name": "cho", "encoder_size": 7},
        {"name": "luong", "score": "general", "decoder_size": 64},
        {"name": "luong", "score": "dot", "encoder_size": 64, "decoder_size": 64},
        {"name": "sutskever", "shared": True},
    ],
)
def test_and_those_that_do_are_not(values: dict[str, Any]) -> None:
    assert {"name": resolve({"model": values}).model.name} | values == values


def test_what_other_parts_of_a_run_must_know_of_a_model_is_asked_of_its_settings() -> None:
    copying = [name for name in models() if "copying" in model_settings()[name].model_fields]
    assert copying == ["bahdanau", "luong"]
    for name in models():
        config = resolve({"model": name}).model
        assert not config.copies and not config.ties_embeddings
    for name in copying:
        assert resolve({"model": {"name": name, "copying": True}}).model.copies
    assert resolve({"model": {"name": "transformer", "tie_embeddings": True}}).model.ties_embeddings
    assert resolve({"model": {"name": "gnmt", "tie_embeddings": True}}).model.ties_embeddings
