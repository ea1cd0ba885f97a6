"""One language into another: German captions of photographs into English, or pairs of your own.

Both languages share one vocabulary of subwords. Pairs that teach nothing are left out of training, a recurrent network
with attention learns the rest, and sentences that it never saw measure it: BLEU, chrF and TER of whole, detokenised
texts. All results are stored in the folder, so a second call prints them at once.
"""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Any

from unspool import folder as disk
from unspool.data.tables import Table
from unspool.explain.attention import heat_map
from unspool.model import Model
from unspool.recipes.held_out import SplitFiles
from unspool.recipes.program import program
from unspool.recipes.training import Screen, evaluate, resume, train
from unspool.recipes.translation_data import write_split
from unspool.storage.atomic import replace

MINUTES = 12.0
DATA, COLUMNS = Path("hub:bentrevett/multi30k"), "source=de,target=en"
SETTINGS: dict[str, dict[str, Any]] = {
    "model": {
        "name": "luong", "embedding_size": 256, "encoder_size": 512, "encoder_layers": 2, "decoder_size": 512,
        "dropout": 0.3,
    },
    "data": {"source_tokenizer": "bpe", "target_tokenizer": "bpe", "shared_vocabulary": True, "clean": True},
    "training": {"optimizer": "muon", "learning_rate": 4e-3, "averaging": 0.996,
                 "metric": "bleu"},
}  # fmt: skip
# The most symbols of the vocabulary, and pairs for each of them: a piece that is seen a few times teaches little.
SUBWORDS, FEWEST_SUBWORDS, PAIRS_EACH = 6000, 600, 4
METRICS = ("bleu", "chrf", "ter")
# Fewer pairs than this teach phrases, and a message says so; they are learned by a smaller network.
FEW = 20_000
SMALL = {"embedding_size": 128, "encoder_size": 256, "encoder_layers": 1, "decoder_size": 256, "dropout": 0.4}
SHOWN, PICTURED = 6, 12


def run(out: Path, minutes: float | None, screen: Screen, data: Path | None = None, columns: str | None = None) -> str:
    """Train or resume, evaluate, and return the text to show. data: a table, or hub:NAME, with these columns."""
    given = data or DATA
    split = write_split(out / "data", given, columns if data else COLUMNS, screen)
    if disk.holds_a_run(out):
        model = resume(out, split.files, minutes, screen)
    else:
        model = train(out, split.files, settings_for(split), MINUTES if minutes is None else minutes, screen)
    screen.say("Evaluating on sentences that training never saw …")
    figures = evaluate(model, split.test, out, screen, beam=5, metrics=METRICS)
    picture = out / "attention.png"
    examples = model.read(split.test).examples
    short = next((one for one in examples if len(str(one.source).split()) <= PICTURED), examples[0])
    for note in heat_map(model.predict([short.source], beam=5)[0], picture):
        screen.say(note)
    text = show(model, figures, [(str(one.source), str(one.references[0])) for one in examples[:SHOWN]], out)
    replace(out / disk.SUMMARY, text.encode())
    return text


def settings_for(split: SplitFiles) -> dict[str, dict[str, Any]]:
    """The settings, with as many subwords, and a network as large, as the pairs can teach."""
    pairs = sum(1 for _ in Table([split.train]))
    size = max(FEWEST_SUBWORDS, min(SUBWORDS, pairs // PAIRS_EACH))
    model = SETTINGS["model"] | (SMALL if pairs < FEW else {})
    return SETTINGS | {"data": SETTINGS["data"] | {"subword_size": size}, "model": model}


def show(model: Model, figures: dict[str, Any], examples: list[tuple[str, str]], out: Path) -> str:
    """The text at the end: metrics, sentences, a picture, and the next commands."""
    pairs = model.metadata.pairs
    lines = [f"On {figures['n']:,} sentences that training never saw, beam 5, detokenised (95 % intervals):", ""]
    for name, title in zip(METRICS, ("BLEU", "chrF", "TER (less is better)"), strict=True):
        interval = f"{figures[f'{name}_low']:.1f} to {figures[f'{name}_high']:.1f}"
        lines.append(f"  {title:<21} {figures[name]:5.1f}   {interval}")
    lines += [f"  {figures['signature']}", ""]
    if pairs < FEW:
        lines += [f"{pairs:,} pairs teach phrases, and little of the language: from {FEW:,} on it becomes useful.", ""]
    answers = model.predict([source for source, _ in examples], beam=5)
    for (source, right), answer in zip(examples, answers, strict=True):
        lines += [f"  {source}", f"  → {answer.text}", f"    (right: {right})", ""]
    lines += [f"Attention for a short one: {out / 'attention.png'}", f"All metrics: {out / disk.EVALUATION}", ""]
    lines += ["Next, a sentence or a paragraph of your own, or a whole document (.txt, .md, .srt, .po):"]
    lines += [f"  echo {quote(examples[0][0])} | {program()} predict {out} --beam 5"]
    lines += [f"  {program()} predict {out} README.md --beam 5 > translated.md"]
    return "\n".join(lines)
