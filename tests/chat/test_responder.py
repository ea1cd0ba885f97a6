"""A conversation with a small model: replies, the line for what it knows nothing about, and what a program reads."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

import unspool
from unspool.chat.conversation import Conversation
from unspool.chat.relevance import Relevance, calibrate_relevance, exchanged, read_relevance, write_relevance
from unspool.chat.responder import Responder
from unspool.config.chat import ChatConfig
from unspool.errors import Mistake
from unspool.model import Model

FOLDERS = Path(__file__).parent.parent / "folders" / "0.1.0"
UNSURE = "잘 모르겠어요."


@pytest.fixture(scope="module")
def model() -> Model:
    return unspool.load(FOLDERS / "luong" / "exported", "cpu")


def pairs() -> list[tuple[str, str]]:
    rows = (FOLDERS / "pairs.tsv").read_text(encoding="utf-8").splitlines()
    return [(line, reply) for line, reply in (row.split("\t")[:2] for row in rows)]


@pytest.fixture(scope="module")
def relevance(model: Model) -> Relevance:
    return calibrate_relevance(model, pairs())


def test_a_reply_is_the_models_and_depends_on_what_was_said_before(model: Model) -> None:
    conversation = Conversation(model.config.chat)
    reply = Responder(model, beam=3).reply(conversation, "fade")
    assert reply.text == model.predict(["fade"], beam=3)[0].text and not reply.unsure and reply.confidence is None
    assert conversation.turns == [("fade", reply.text)]
    told = json.loads(json.dumps(reply.to_json("fade", conversation.count)))
    assert told["turn"] == 1 and told["said"] == "fade" and told["reply"] == reply.text and told["replies"]


def test_draws_differ_from_turn_to_turn_and_are_repeated_with_the_same_seed(model: Model) -> None:
    def drawn(seed: int) -> list[str]:
        conversation, responder = (
            Conversation(model.config.chat),
            Responder(model, sample=True, seed=seed, temperature=3.0),
        )
        return [responder.reply(conversation, "fade").text for _ in range(4)]

    assert drawn(1) == drawn(1) != drawn(2) and len(set(drawn(1))) > 1


def test_where_it_is_not_sure_it_says_the_line(model: Model, relevance: Relevance) -> None:
    for at_least, unsure in ((0.0, False), (1.0, True)):
        responder = Responder(model, relevance=relevance, unsure=UNSURE, at_least=at_least)
        reply = responder.reply(Conversation(model.config.chat), "fade")
        assert reply.unsure == unsure and (reply.text == UNSURE) == unsure
        assert reply.confidence is not None and 0 < reply.confidence < 1


def test_replies_belong_to_their_own_lines(model: Model, relevance: Relevance) -> None:
    lines = [line for line, _ in pairs()]
    replies = [one.text for one in model.predict(lines)]
    assert 0 < relevance.least < 1 and 0 <= relevance.caught <= 1
    own, other = (relevance.of(model, list(zip(some, replies, strict=True))) for some in (lines, lines[1:] + lines[:1]))
    assert own.mean() > other.mean()


def test_lines_that_say_nothing_look_like_lines() -> None:
    import random

    lines = ["a b c", "d", "e f"]
    made = exchanged(lines, random.Random(1))
    assert [len(line.split()) for line in made] == [3, 1, 2] and {*" ".join(made)} <= {*"abcdef "}


def test_it_is_kept_in_the_folder(model: Model, relevance: Relevance, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(FOLDERS / "luong" / "trained", tmp_path / "run")
    assert read_relevance(tmp_path / "run") is None
    write_relevance(unspool.load(tmp_path / "run", "cpu"), relevance)
    kept = read_relevance(tmp_path / "run")
    assert (
        kept is not None
        and kept.others == relevance.others
        and kept.weights == pytest.approx(relevance.weights, abs=1e-6)
    )
    with pytest.raises(Mistake, match="exported folder"):
        write_relevance(model, relevance)
    for broken in (
        "x",
        {},
        kept.to_json() | {"weights": [1.0]},
        kept.to_json() | {"others": [1]},
        kept.to_json() | {"least": None},
    ):
        with pytest.raises(Mistake, match="its relevance cannot be read"):
            Relevance.from_json(broken, "calibration.json")


def test_what_cannot_be_is_said(model: Model) -> None:
    with pytest.raises(Mistake, match="not known when this model has nothing to say"):
        Responder(model, unsure=UNSURE)
    with pytest.raises(Mistake, match="from text to label"):
        Responder(unspool.load(FOLDERS / "classifier" / "exported", "cpu"))
    with pytest.raises(Mistake, match="at least 52 are needed"):
        calibrate_relevance(model, pairs()[:10])


def test_of_a_model_without_any_reply_nothing_is_learned(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Model, "predict", lambda self, lines: [SimpleNamespace(text="") for _ in lines])
    with pytest.raises(Mistake, match="no reply to any of these lines"):
        calibrate_relevance(model, pairs())


def test_a_reply_of_the_lexicon_is_certain(relevance: Relevance, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDERS / "luong" / "exported", tmp_path / "mine"))
    (folder / "lexicon.tsv").write_text("fade\tb e\n")
    known = unspool.load(folder, "cpu")
    responder = Responder(known, relevance=relevance, unsure=UNSURE, at_least=1.0)
    conversation = Conversation(ChatConfig(turns=3))
    for _ in range(2):  # and whatever was said before
        reply = responder.reply(conversation, "fade")
        assert (reply.text, reply.unsure, reply.confidence) == ("b e", False, 1.0)


def test_a_confidence_without_use_or_out_of_range_is_refused(model: Model, relevance: Relevance) -> None:
    with pytest.raises(Mistake, match="--at-least is for the line"):
        Responder(model, relevance=relevance, at_least=0.5)
    with pytest.raises(Mistake, match="is no confidence"):
        Responder(model, relevance=relevance, unsure=UNSURE, at_least=5.0)
