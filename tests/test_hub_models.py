"""A model goes to the Hub and comes back, whole; whatever arrives otherwise is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import unspool
from stand_in_hub import COMMIT, StandInHub, standing_in
from unspool.errors import Mistake
from unspool.hub_models import HubModel, fetch_model, hub_model
from unspool.publishing import push

constants = pytest.importorskip("huggingface_hub.constants")

RELEASED = Path(__file__).parent / "folders" / "0.1.0" / "luong"
NAME = "someone/speller"
EXPORTED = {"encoder.onnx", "step.onnx", "manifest.json", "run.json", "source.tokenizer.json", "target.tokenizer.json"}

TRAINED = {"model.safetensors", "run.json", "source.tokenizer.json", "target.tokenizer.json"}


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandInHub]:
    with standing_in(tmp_path, monkeypatch) as server:
        yield server


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copytree(RELEASED / getattr(request, "param", "exported"), tmp_path / "mine"))


@pytest.mark.parametrize("folder", ["exported", "trained"], indirect=True)
def test_it_answers_from_there_as_it_does_here(folder: Path, hub: StandInHub) -> None:
    (folder / "lexicon.tsv").write_text("abc\tdada\n")
    published = push(folder, NAME, licence="apache-2.0")
    wanted = EXPORTED if (folder / "manifest.json").exists() else TRAINED
    assert set(hub.models[NAME]) == wanted | {"README.md", "lexicon.tsv"} == set(published.files)
    assert hub.messages == [f"unspool {unspool.__version__}"] and not published.messages
    model, sources = unspool.load(f"hub:{NAME}", "cpu"), ["abc", "fade", "beef"]
    assert [one.to_json() for one in model.predict(sources)] == [
        one.to_json() for one in unspool.load(folder, "cpu").predict(sources)
    ]


@pytest.mark.parametrize("folder", ["exported", "trained"], indirect=True)
def test_it_tells_names_of_files_and_no_folders_of_this_machine(folder: Path, hub: StandInHub) -> None:
    here = json.loads((folder / "run.json").read_text())
    here["facts"]["files"] |= {"data": ["/srv/kim/secret/pairs.tsv", "D:\\kim\\more.tsv"]}
    here["facts"]["start_from"] = "/srv/kim/secret/old"
    here["data"]["source_vectors"] = "/srv/kim/vectors.vec"
    (folder / "run.json").write_text(json.dumps(here))
    push(folder, NAME)
    there = json.loads(hub.models[NAME]["run.json"])
    assert there["facts"]["files"]["data"] == ["pairs.tsv", "more.tsv"]
    assert (there["facts"]["start_from"], there["data"]["source_vectors"]) == ("old", "vectors.vec")
    assert "kim" not in hub.models[NAME]["run.json"].decode()
    here["facts"]["files"], here["facts"]["start_from"] = there["facts"]["files"], "old"
    here["data"]["source_vectors"] = "vectors.vec"
    assert here == there


def test_its_card_has_what_the_hub_reads(folder: Path, hub: StandInHub) -> None:
    from huggingface_hub import ModelCard

    push(folder, NAME, licence="apache-2.0", private=True)
    data = ModelCard(hub.models[NAME]["README.md"].decode()).data
    assert (data.library_name, data.license, data.pipeline_tag) == ("unspool", "apache-2.0", "text2text-generation")
    assert "luong" in data.tags and hub.private[NAME]


def test_without_a_network_the_cache_answers(folder: Path, hub: StandInHub, monkeypatch: pytest.MonkeyPatch) -> None:
    push(folder, NAME)
    first = unspool.load(f"hub:{NAME}", "cpu").folders
    asked = len(hub.asked)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert unspool.load(f"hub:{NAME}@{COMMIT}", "cpu").folders == first and len(hub.asked) == asked


@pytest.mark.parametrize("name", ["run.json", "step.onnx"])
def test_a_file_that_changed_on_the_way_is_refused(
    name: str, folder: Path, hub: StandInHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    push(folder, NAME)
    right, get = hub.get, hub.models[NAME][name]
    spoilt = get[:-1] + bytes([get[-1] ^ 1])
    monkeypatch.setattr(hub, "get", lambda path: spoilt if path.endswith(f"/{name}") else right(path))
    with pytest.raises(Mistake, match=f"{name} of hub:{NAME} is not what the Hub has"):
        unspool.load(f"hub:{NAME}", "cpu")


def test_only_files_of_a_model_are_downloaded(folder: Path, hub: StandInHub) -> None:
    push(folder, NAME)
    hub.models[NAME] |= {"evil.py": b"raise SystemExit", "../outside": b"", "data/train.tsv": b""}
    unspool.load(f"hub:{NAME}", "cpu")
    assert not any("evil" in path or "outside" in path or "train" in path for _, path, _ in hub.asked)


def test_licence_of_a_card_stays_and_a_persons_card_is_never_replaced(folder: Path, hub: StandInHub) -> None:
    assert "names no licence" in push(folder, NAME).messages[0]
    push(folder, NAME, licence="mit")
    assert push(folder, NAME).messages == [] and b'license: "mit"' in hub.models[NAME]["README.md"]
    own = "---\nlicense: cc-by-4.0\n---\n# By hand\n"
    (folder / "README.md").write_text(own)
    assert push(folder, NAME).messages == [] and hub.models[NAME]["README.md"].decode() == own
    with pytest.raises(Mistake, match="names another licence"):
        push(folder, NAME, licence="mit")


def test_what_is_no_whole_model_is_refused_before_anything_is_sent(
    folder: Path, hub: StandInHub, tmp_path: Path
) -> None:
    (folder / "step.onnx").write_bytes(b"")
    for model, said in ((folder, "cannot be read"), (tmp_path / "nowhere", "no model"), (tmp_path, "is missing")):
        with pytest.raises(Mistake, match=said):
            push(model, NAME)
    assert not hub.asked


@pytest.mark.parametrize("name", ["speller", "a/b/c", "a/b@main", "", "a b/c!"])
def test_a_wrong_name_is_a_mistake(name: str, folder: Path, hub: StandInHub) -> None:
    with pytest.raises(Mistake, match="name"):
        push(folder, name)
    assert not hub.models


def test_without_the_right_token_nothing_is_written(
    folder: Path, hub: StandInHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_of_somebody_else")
    with pytest.raises(Mistake, match=r"does not let you write hub:someone/speller.*hf auth login"):
        push(folder, NAME)
    assert not hub.models


def test_a_hub_that_does_not_answer_is_a_mistake(
    folder: Path, hub: StandInHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(Mistake, match="could not be written"):
        push(folder, NAME)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("hub:someone/else", "The Hub has no model 'someone/else', or it is not public."),
        ("hub:speller", "hub:speller does not name a model of the Hub."),
        (f"hub:{NAME}@v9", f"hub:{NAME} has no revision 'v9'."),
        (f"hub:{NAME}", f"hub:{NAME} holds no model of unspool: it has no run.json."),
    ],
)
def test_a_model_that_is_not_there_is_a_mistake(name: str, said: str, hub: StandInHub) -> None:
    hub.models[NAME] = {"README.md": b""}
    with pytest.raises(Mistake) as caught:
        unspool.load(name, "cpu")
    assert caught.value.what == said


def test_a_revision_is_read() -> None:
    assert hub_model(Path("hub:a/b@v1")) == HubModel("a/b", "v1") and hub_model(Path("runs/a")) is None


def test_the_licence_of_its_data_goes_with_a_model(folder: Path, hub: StandInHub) -> None:
    (folder / "LICENSE-data.txt").write_text("as you like\n")
    push(folder, NAME)
    here = hub_model(Path(f"hub:{NAME}"))
    assert here and (fetch_model(here) / "LICENSE-data.txt").read_text() == "as you like\n"


def test_a_card_is_as_it_was_if_the_model_did_not_arrive(
    folder: Path, hub: StandInHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    push(folder, NAME, licence="cc0-1.0")
    before = (folder / "README.md").read_text()

    def refuse(*arguments: object, **options: object) -> str:
        raise Mistake("The Hub does not answer.", "Try again.")

    monkeypatch.setattr("unspool.publishing.upload", refuse)
    with pytest.raises(Mistake, match="does not answer"):
        push(folder, NAME, licence="mit")
    assert (folder / "README.md").read_text() == before
