"""Speed of models of labels, tags and running text: targets a second, compared with equal networks in plain PyTorch."""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed import results, settings
from benchmarks.speed.processes import SPIN, Failed, environment, listen
from benchmarks.speed.tools.tool import INSIDE
from benchmarks.speed.tools.unspool import Unspool
from benchmarks.speed.trace import Trace, follow, spread
from benchmarks.two_minutes import Task, task_of

SIZE, BUDGET = 512, 8192
NOTES = (
    "Targets: symbols of running text, tags of letters, labels of texts; by one clock, after the warm-up.",
    f"PyTorch: nn.Embedding, nn.LSTM of {SIZE} with packed sequences, nn.Linear, fused Adam, batches of like length "
    "(benchmarks/speed/inside/plain_train.py), in float32 and under bfloat16 autocast. Unspool: the same sizes, its "
    "own precision. Both: no dropout, no averaging, the same rate, norm of clipping and budget of symbols a batch.",
    "Not the same: `graves` has the paper's skip connections around its two layers, which plain PyTorch's lacks; han "
    "has no plain counterpart here (GRU and attention over words, then over sentences).",
    "Loss: nats a target over the last half of the updates.",
)


@dataclass(frozen=True)
class Form:
    """A model, its name in the plain PyTorch script, and its settings."""

    model: str
    plain: str | None
    settings: dict[str, str]


FORMS = (
    Form("graves", "text", {"model.size": str(SIZE), "model.layers": "2", "data.window": "256"}),
    Form("classifier", "label", {"model.encoder_size": str(SIZE), "data.source_tokenizer": "chars"}),
    Form("tagger", "tags", {"model.encoder_size": str(SIZE)}),
    Form("han", None, {"data.source_tokenizer": "words"}),
)
MODELS = tuple(form.model for form in FORMS)
TRAINING = {
    "optimizer": "adam", "beta2": "0.999", "learning_rate": "1e-3", "schedule": "constant", "warmup_updates": "0",
    "clip_norm": "1", "label_smoothing": "0", "averaging": "0", "validate_most": "8", "checkpoint_minutes": "1000",
    "batch_symbols": str(BUDGET),
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL", help=f"of {', '.join(MODELS)}; default: all")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="holds g2p, classify and text")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--updates", type=int, default=60)
    parser.add_argument("--warm-up", type=int, default=20, help="updates that are not timed")
    parser.add_argument("--spin", default=SPIN, help="GOMP_SPINCOUNT of both")
    given = parser.parse_args()
    if unknown := [name for name in given.models if name not in MODELS]:
        parser.error(f"there is no {unknown[0]} here: {', '.join(MODELS)}")
    if not given.data.is_dir():
        parser.error(f"--data {given.data} is not a folder")
    if not 0 < given.warm_up < given.updates:
        parser.error("give --updates more than --warm-up, and that at least 1")
    forms = [form for form in FORMS if form.model in (given.models or MODELS)]
    print(f"{len(forms)} models, {given.rounds} rounds: about {2 * len(forms) * given.rounds} minutes.", flush=True)
    rows = []
    with tempfile.TemporaryDirectory() as place:
        for form in forms:
            try:
                rows += table_of(form, task_of(form.model, given.data, Path(place), 1), given)
            except Failed as failed:
                print(f"{form.model} failed and is left out.\n{failed}", flush=True)
    kept = {"size": SIZE, "updates": given.updates, "warm-up": given.warm_up, "rounds": given.rounds}
    print(results.keep("forms", [Unspool()], kept | {"GOMP_SPINCOUNT": given.spin}, rows, NOTES))


def table_of(form: Form, task: Task, given: argparse.Namespace) -> list[results.Row]:
    """A model's rows: ours, and PyTorch's in both precisions, alternately."""
    commands = {f"Unspool {form.model}": ours(form, task, given.updates)}
    if form.plain:
        plain = [sys.executable, str(INSIDE / "plain_train.py"), form.plain, task.train[0], str(SIZE), str(BUDGET)]
        commands |= {f"PyTorch {form.plain}, {kind}": [*plain, str(given.updates), kind] for kind in ("fp32", "bf16")}
    traces: dict[str, list[Trace]] = {name: [] for name in commands}
    for _ in range(given.rounds):
        for name, command in commands.items():
            log = settings.folder("runs", "forms") / f"{name.replace(' ', '-')}.txt"
            traces[name].append(follow(Unspool(), listen(command, environment(given.spin), log)))
            print(f"{name:<22} {traces[name][-1].speed(given.warm_up):9,.0f} targets/s", flush=True)
    return [row(name, found, given) for name, found in traces.items()]


def ours(form: Form, task: Task, updates: int) -> list[str]:
    """The command line, with a line for every update and no evaluation afterwards."""
    values = {f"training.{key}": value for key, value in TRAINING.items()} | form.settings
    values |= {"training.max_updates": str(updates), "training.validate_every": str(updates)}
    values |= {"model.embedding_size": "128", "model.dropout": "0"}
    parts = [part for key, value in values.items() for part in ("--set", f"{key}={value}")]
    run = str(settings.folder("runs", "forms") / form.model)
    script = [sys.executable, str(INSIDE / "unspool_train.py"), run, "-"]
    return [*script, "train", *task.train, "--model", form.model, "--out", run, "--overwrite", *parts]


def row(name: str, traces: list[Trace], given: argparse.Namespace) -> results.Row:
    """A line of the table."""
    speed = spread([trace.speed(given.warm_up) for trace in traces])
    loss = spread([trace.loss(given.updates // 2) for trace in traces])["median"]
    return {"network": name, "targets/s": speed["median"], "least": speed["min"], "most": speed["max"], "loss": loss}


if __name__ == "__main__":
    main()
