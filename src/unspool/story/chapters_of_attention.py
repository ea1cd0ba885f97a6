"""Chapters 7 to 10: attention over letters, over words and sentences, and alone; and what to do next."""

from __future__ import annotations

import math
from typing import Any

from unspool.explain.documents import document_html
from unspool.model import Model
from unspool.report.cell_grid import CellGrid
from unspool.report.tables import TextTable, shown
from unspool.story.alignments import places_of
from unspool.story.chapter import ChapterWriter, StoryWords, paper_of
from unspool.story.chapters_of_a_context import CLEAR
from unspool.story.reviews import LABELS

LOOKED_AT = ("bahdanau", "luong", "luong-local")
COMPARED = ("sutskever", "cho", "bahdanau", "luong", "luong-local", "transformer")
# The window has narrowed attention where it reaches at most this share of the letters.
NARROWER = 0.8


def attention(figures: dict[str, Any], words: StoryWords) -> ChapterWriter:
    """Chapter 7."""
    papers = [paper_of(name) for name in ("bahdanau", "luong")]
    found, chapter = figures["alignments"], ChapterWriter(words, "attention", papers)
    chapter.say("attention_text")
    chapter.formula(
        "Bahdanau: e_{t j} = v^⊤ tanh(W s_{t−1} + U h_j),   α_{t j} = softmax_j(e_{t j}),   c_t = Σ_j α_{t j} h_j"
    )
    chapter.formula(
        "Luong: e_{t j} = s_t^⊤ W h_j,   local: p_t = S · σ(v^⊤ tanh(W s_t)),   α_{t j} exp(−(j − p_t)^2 / 2 σ^2)"
    )
    for name in LOOKED_AT:
        one = found[name]
        source = "".join(one["source"])
        frames = frozenset((row, place) for row, place in enumerate(places_of(source)) if row < len(one["tokens"]))
        title = words("attention_picture", name=name, source=source)
        chapter.grid(CellGrid(title, one["tokens"], one["source"], one["weights"], marked=frames))
        shares = {
            "on": f"{one['on_its_letter']:g}",
            "beside": f"{one['beside_it']:g}",
            "reached": f"{one['reached']:g}",
        }
        chapter.look(words("attention_look", words=found["words"], **shares))
    local, whole = found["luong-local"]["reached"], found["luong"]["reached"]
    key = "local_narrower" if local <= NARROWER * whole else "local_wide"
    chapter.look(words(key, local=f"{local:g}", whole=f"{whole:g}"))
    chapter.say("attention_local_note")
    chapter.say("attention_note")
    return chapter


def documents(figures: dict[str, Any], words: StoryWords, model: Model) -> ChapterWriter:
    """Chapter 8."""
    found, chapter = figures["opinions"][words.language], ChapterWriter(words, "han", [paper_of("han")])
    chapter.say("han_text")
    chapter.formula("u_t = tanh(W h_t + b),   α_t = softmax_t(u_t^⊤ u_w),   s = Σ_t α_t h_t")
    chapter.say("han_key")
    labels = {label: words(f"label_{label}") for label in LABELS.values()}
    for one, prediction in zip(
        found["shown"], model.predict([one["text"] for one in found["shown"]], lexicon=False), strict=True
    ):
        answer = prediction.hypotheses[0]
        says = words("han_says", label=labels[answer.text], probability=f"{100 * math.exp(answer.score):.0f}")
        right = words("han_right", label=labels[one["right"]])
        chapter.html.append(f"<h3>{shown(says)} <small>{shown(right)}</small></h3>")
        chapter.html.append(f'<div class="wide" tabindex="0">{document_html(prediction, " ")}</div>')
    shares = {name: f"{found[name]:g}" for name in ("right", "looked", "expected")}
    key = "han_learned" if found["looked"] > found["expected"] + 2 * CLEAR else "han_not"
    chapter.look(words("han_look", n=found["n"], **shares), words(key))
    return chapter


def transformer(figures: dict[str, Any], words: StoryWords) -> ChapterWriter:
    """Chapter 9."""
    found, trained = figures["lengths"], figures["trained"]
    chapter = ChapterWriter(words, "transformer", [paper_of("transformer")])
    chapter.say("transformer_text")
    chapter.formula("Attention(Q, K, V) = softmax(Q K^⊤ / √d) V")
    head = ["model", "parameters", "updates", "seconds", "milliseconds", "right_learned", "right_beyond"]
    rows = [
        [name, f"{found[name]['parameters']:,}", f"{trained[name]['updates']:,}", f"{trained[name]['seconds']:.0f}",
         f"{found[name]['milliseconds']:g}",
         f"{found[name]['learned']:g}", f"{found[name]['longer']:g}"]
        for name in COMPARED
    ]  # fmt: skip
    places = {"learned": found["learned"], "beyond": found["learned"] + 1, "longest": found["longest"]}
    chapter.table(TextTable(words("transformer_table", **places), [*map(words, head)], rows))
    best = max(COMPARED, key=lambda name: float(found[name]["learned"]))
    ours, theirs = found["transformer"]["learned"], found["luong"]["learned"]
    level = "level" if abs(ours - theirs) < CLEAR else "ahead" if ours > theirs else "behind"
    seconds = {
        "seconds": f"{trained['transformer']['seconds']:.0f}",
        "luong_seconds": f"{trained['luong']['seconds']:.0f}",
    }
    chapter.look(
        words("transformer_look", best=best, value=f"{found[best]['learned']:g}", transformer=f"{ours:g}",
              luong=f"{theirs:g}", **seconds),
        words(f"transformer_{level}"),
    )  # fmt: skip
    return chapter


def what_next(figures: dict[str, Any], words: StoryWords) -> ChapterWriter:
    """Chapter 10."""
    chapter, models = ChapterWriter(words, "next"), f"{figures['folder']}/models"
    chapter.say("next_text")
    cells = " ".join(f"--beside {models}/recall-{cell}" for cell in ("gru", "lstm", "attention"))
    for key, command in (
        ("next_predict", f"echo hello | unspool predict {models}/luong"),
        ("next_explain", f"unspool explain {models}/bahdanau hello --out attention.html"),
        (
            "next_memory",
            f"unspool explain {models}/recall-rnn 'abc*defghabcdefgh' {cells} --what memory --out memory.html",
        ),
        ("next_train", "unspool train pairs.tsv --out runs/mine --max-minutes 5"),
        ("next_compare", "unspool compare pairs.tsv --models sutskever,luong,transformer --minutes 2 --out comparison"),
        ("next_longer", f"unspool run story --out {figures['folder']} --max-minutes 60"),
    ):
        chapter.html.append(
            f'<p>{shown(words(key))}</p><div class="wide" tabindex="0"><code>{shown(command)}</code></div>'
        )
    return chapter
