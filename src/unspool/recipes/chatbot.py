"""A chatbot: replies to lines, on the dialogues of ChatterBot or on the user's own.

A model learns replies, and a smaller one the way back, from replies to lines: it keeps dull replies down. Lines that
training never saw tell when the model has nothing to say. Replies are held out whole: none is in two parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

from unspool import folder as disk
from unspool.chat.conversation import pairs_of
from unspool.chat.dialogues import read_dialogues
from unspool.chat.relevance import calibrate_relevance, write_relevance
from unspool.config.chat import ChatConfig
from unspool.data.inputs import Files
from unspool.errors import MissingExtra, Mistake
from unspool.metrics.diversity import distinct, repetition
from unspool.model import Model
from unspool.recipes.program import program
from unspool.recipes.training import Screen, evaluate, resume, train
from unspool.reranking import Reranker
from unspool.storage.atomic import replace

# Minutes of the model, and the share of them that the way back gets in addition.
MINUTES, BACK = 6.0, 0.5
HELD_OUT = 0.05
SETTINGS: dict[str, dict[str, Any]] = {
    "model": {
        "name": "luong", "embedding_size": 128, "encoder_size": 192, "encoder_layers": 2, "decoder_size": 256,
        "dropout": 0.3,
    },
    # Of Korean replies, BPE pieces and jamo learn less in the same time: docs/how-to/chat.md.
    "data": {"source_tokenizer": "chars", "target_tokenizer": "chars", "shared_vocabulary": True},
    "training": {"batch_symbols": 4096, "optimizer": "muon", "learning_rate": 4e-3, "averaging": 0.99},
    "decoding": {"no_repeat": 8, "max_length": 150},
}  # fmt: skip
# Lines that a reply is made from, where conversations have more than two.
TURNS = 3
# Held-out lines whose replies are compared, and lines whose replies are shown.
COMPARED, SHOWN = 400, 8

Pair = tuple[str, str]


def run(out: Path, minutes: float | None, screen: Screen, data: Path | None = None) -> str:
    """Train or resume both models, measure them, and return the text to show. data: dialogues of the user's own."""
    files, test, turns = write_tables(out / "data", data, screen.say)
    given = MINUTES if minutes is None else minutes
    settings = SETTINGS | {"chat": {"turns": turns}}
    model = _trained(out, files, settings, given, minutes, screen)
    screen.say("Now the way back, from replies to lines …")
    back = settings | {"data": SETTINGS["data"] | {"columns": "source=2,target=1"}}
    reverse = _trained(out / disk.REVERSE, files, back, BACK * given, minutes and BACK * minutes, screen)
    screen.say("Measuring on replies that training never saw …")
    figures = evaluate(model, test, out, screen, metrics=["bits_per_character"])
    pairs = _read(test)[:COMPARED]
    try:
        relevance = calibrate_relevance(model, _read(files.valid[0]))
        write_relevance(model, relevance)
        figures["meaningless_caught"] = round(100 * relevance.caught, 4)
    except Mistake as few:
        screen.say(f"When it has nothing to say is not known. {few.what}")
    figures |= compare(model, reverse, [line for line, _ in pairs])
    disk.write_json(out / disk.EVALUATION, figures)
    text = show(figures, model, reverse, [line for line, _ in pairs[:SHOWN]], out)
    replace(out / disk.SUMMARY, text.encode())
    return text


def _trained(
    out: Path, files: Files, settings: dict[str, dict[str, Any]], minutes: float, asked: float | None, screen: Screen
) -> Model:
    if disk.holds_a_run(out):
        return resume(out, files, asked, screen)
    return train(out, files, settings, minutes, screen)


def write_tables(folder: Path, data: Path | None, say: Callable[[str], None]) -> tuple[Files, Path, int]:
    """Write train.tsv, valid.tsv and test.tsv, no reply in two of them; also of how many lines a source consists."""
    paths = {name: folder / f"{name}.tsv" for name in ("train", "valid", "test")}
    if not all(path.exists() for path in paths.values()):
        settings, dialogues = ChatConfig(turns=TURNS), read_dialogues(data) if data else chatterbot()
        pairs = dict.fromkeys(pair for lines in dialogues for pair in pairs_of(lines, settings))
        parts: dict[str, list[Pair]] = {name: [] for name in paths}
        for pair in pairs:
            parts[_part_of(pair[1])].append(pair)
        if not all(parts.values()):
            what = f"{data} holds {len(pairs):,} lines with a reply, too few to hold some out."
            raise Mistake(what, "Give a file with hundreds of them, better thousands.")
        for name, some in parts.items():
            replace(paths[name], "".join(f"{line}\t{reply}\n" for line, reply in some).encode())
        say(f"{len(pairs):,} lines with replies; {len(parts['test']):,} held out for the figures at the end.")
    several = ChatConfig().separator in paths["train"].read_text(encoding="utf-8")
    return Files((paths["train"],), (paths["valid"],)), paths["test"], TURNS if several else 1


def _part_of(reply: str) -> str:
    share = int.from_bytes(blake2b(reply.encode(), digest_size=4).digest()) / 2**32
    return "test" if share < HELD_OUT else "valid" if share < 2 * HELD_OUT else "train"


def chatterbot() -> list[list[str]]:
    """The English dialogues of the package chatterbot-corpus."""
    try:
        import yaml
        from chatterbot_corpus.corpus import DATA_DIRECTORY
    except ImportError:
        raise MissingExtra("The recipe chatbot, unless --data names your own dialogues,", "recipes") from None
    return [
        [" ".join(str(line).split()) for line in lines]
        for path in sorted((Path(DATA_DIRECTORY) / "english").glob("*.yml"))
        for lines in yaml.safe_load(path.read_text(encoding="utf-8"))["conversations"]
    ]


def _read(path: Path) -> list[Pair]:
    rows = path.read_text(encoding="utf-8").splitlines()
    return [(line, reply) for line, reply in (row.split("\t") for row in rows)]


def compare(model: Model, reverse: Model, lines: Sequence[str]) -> dict[str, Any]:
    """How varied replies are, and how much they repeat, with the brakes and without."""
    ways: dict[str, dict[str, Any]] = {
        "": {"no_repeat": 0, "beam": 1},
        "_no_repeat": {"beam": 1},
        "_reranked": {"rerank": Reranker(reverse.predictor)},
        "_sampled": {"sample": True, "temperature": 0.8, "no_repeat": 0},
        "_sampled_no_repeat": {"sample": True, "temperature": 0.8},
    }
    figures: dict[str, Any] = {}
    for name, way in ways.items():
        replies = [one.text for one in model.predict(lines, **way)]
        figures |= {f"distinct_2{name}": distinct(replies), f"repetition{name}": repetition(replies)}
    return {name: round(value, 4) for name, value in figures.items()}


def show(figures: dict[str, Any], model: Model, reverse: Model, lines: Sequence[str], out: Path) -> str:
    """The text at the end: the figures, some replies, and the next command."""
    return "\n".join(_shown(figures, model, reverse, lines, out))


def _shown(figures: dict[str, Any], model: Model, reverse: Model, lines: Sequence[str], out: Path) -> Iterator[str]:
    bits = figures["bits_per_character"]
    interval = f"95 %: {figures['bits_per_character_low']:.2f} to {figures['bits_per_character_high']:.2f}"
    yield f"Held-out replies: {bits:.2f} bits a character ({interval}), perplexity {2**bits:.2f}."
    yield ""
    yield f"{'':<38}distinct-2   repetition"
    for name, title in (
        ("", "the likeliest symbols"), ("_no_repeat", "the same, no run repeated"),
        ("_reranked", "ten of a beam, ordered by the way back"), ("_sampled", "drawn"),
        ("_sampled_no_repeat", "drawn, no run repeated"),
    ):  # fmt: skip
        yield f"{title:<38}{figures[f'distinct_2{name}']:8.1f} %  {figures[f'repetition{name}']:8.1f} %"
    if (caught := figures.get("meaningless_caught")) is not None:
        yield f"\nWith --unsure LINE it keeps quiet on {caught:.0f} % of meaningless lines, and on 10 % of others."
    yield from ("", "Lines that training never saw:", "")
    for one in model.predict(lines, rerank=Reranker(reverse.predictor)):
        yield f"  {one.source}\n    {one.text}"
    yield from ("", f"All figures: {out / disk.EVALUATION}", "", "Next, talk with it:")
    yield f"  {program()} chat {out}"
