"""Code that does not compile, repaired: the functions of Python's standard library, or programs of the user's own.

Correct code is broken by mistakes as people make them, and a small attention model learns the edits that undo them.
Then, in two rounds (break-it-fix-it), it repairs broken code that it has no fix for; a breaker learns from what the
critic confirms, breaks more code, and the fixer learns from that. The figures are about files that no part of it has
seen. All results are stored in the folder, so a second call prints them at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from unspool import folder as disk
from unspool.model import Model, load
from unspool.recipes.program import program
from unspool.recipes.repair_stages import RepairWork, Stages
from unspool.recipes.training import Screen
from unspool.repair.baselines import CommonEdits, delete_line
from unspool.repair.evaluation import evaluate_repairs, figures
from unspool.repair.examples import CodePair
from unspool.repair.fixer import Fixer, write_symbols
from unspool.repair.programs import read_programs
from unspool.repair.repairer import repair
from unspool.storage.atomic import replace

MINUTES = 24.0
ROUNDS = 2
# Of all minutes: the first fixer, and in each round the breaker and the fixer.
SHARES = {"fixer": 0.46, "breaker": 0.07, "round": 0.2}
# As in configs/repair.toml.
SETTINGS: dict[str, dict[str, Any]] = {
    "model": {
        "name": "luong", "embedding_size": 128, "encoder_size": 256, "encoder_layers": 1, "decoder_size": 256,
        "dropout": 0.2, "embedding_dropout": 0,
    },
    "data": {"source_tokenizer": "words", "target_tokenizer": "words"},
    "training": {"batch_symbols": 8192, "optimizer": "muon", "learning_rate": 4e-3, "averaging": 0.996},
}  # fmt: skip
TESTED = 400


def run(out: Path, minutes: float | None, screen: Screen, data: Path | None = None) -> str:
    """Train or resume fixer and breaker, evaluate, and return the text to show. data: programs instead of Python's."""
    total = MINUTES if minutes is None else minutes
    programs = read_programs(data, screen.say)
    work = RepairWork(programs, TESTED, evenly=not any(one.broken for one in programs.train))
    stages = Stages(out, work, SETTINGS, screen)
    first, fixer = train_in_rounds(stages, total, ROUNDS)
    write_symbols(out, stages.symbols)
    fixer.export(out / "onnx", overwrite=True)
    screen.say("Evaluating on files that training never saw …")
    found = evaluate_all(stages, load(out), first, screen)
    disk.write_json(out / disk.EVALUATION, found["fixer"] | {name: found[name] for name in found if name != "fixer"})
    disk.write_json(out / disk.RECIPE, disk.read_json(out / disk.RECIPE) | {"minutes": total})
    text = show(found, stages, out)
    replace(out / disk.SUMMARY, text.encode())
    return text


def train_in_rounds(stages: Stages, minutes: float, rounds: int) -> tuple[Model, Model]:
    """Train or resume all fixers and breakers; the first fixer and the last."""
    first = fixer = stages.fixer(0, minutes * (SHARES["fixer"] if rounds else 1), last=rounds == 0)
    for number in range(1, rounds + 1):
        stages.screen.say(f"Round {number} of {rounds}: what the fixer repairs, a breaker learns to break …")
        breaker = stages.breaker(number, fixer, minutes * SHARES["breaker"])
        fixer = stages.fixer(number, minutes * SHARES["round"], fixer, breaker, last=number == rounds)
    return first, fixer


def evaluate_all(stages: Stages, model: Model, first: Model | None, screen: Screen) -> dict[str, dict[str, Any]]:
    """The figures of the fixer, of the one before the rounds, and of the baselines."""
    language, critic, pairs = stages.symbols.language, stages.critic, stages.test
    common = CommonEdits(language)
    common.learn(stages.pairs, critic)

    def fixed_by(trained: Model) -> Any:
        fixer = Fixer(trained, stages.symbols)
        return lambda pair: repair(pair.broken, fixer, critic).text

    def complaint(pair: CodePair) -> Any:
        return pair.complaint or critic.check(pair.broken, 1)[0]

    methods: dict[str, Any] = {"fixer": fixed_by(model)}
    if first is not None:
        methods["round_0"] = fixed_by(first)
    methods["common_edit"] = lambda pair: common.fix(pair.broken, complaint(pair))
    methods["delete_line"] = lambda pair: delete_line(pair.broken, complaint(pair))
    with screen.counting(len(methods) * len(pairs), "repairing") as count:
        return {
            name: figures(evaluate_repairs(pairs, method, language, critic, count)) for name, method in methods.items()
        }


def show(found: dict[str, dict[str, Any]], stages: Stages, out: Path) -> str:
    """The text at the end: the figures beside the baselines, and the next command."""
    names = {
        "fixer": "the fixer", "round_0": "before the rounds", "common_edit": "commonest edit for the message",
        "delete_line": "the line deleted",
    }  # fmt: skip
    count, suffix = found["fixer"]["n"], stages.symbols.language.suffixes[0]
    lines = [f"Of {count:,} broken programs in held-out files, in %:", ""]
    lines += [f"  {'':<32} compiles   as the person's   tokens from it"]
    for name, row in found.items():
        figures_of = f"{row['compiles']:8.1f}   {row['exact_match']:15.1f}   {row['edit_distance']:14.2f}"
        lines.append(f"  {names[name]:<32} {figures_of}")
    lines += ["", f"All metrics: {out / disk.EVALUATION}", "", "Next, a file of your own that does not compile:"]
    lines += [f"  {program()} repair program{suffix} --model {out}"]
    return "\n".join(lines)
