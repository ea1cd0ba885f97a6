"""`unspool export`: a trained model as files that run without PyTorch."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Annotated, Any, Literal

import typer

from unspool.screens.console import counting, say

MEGABYTE = 1e6


def export(
    model: Annotated[Path, typer.Argument(help="A trained folder.")],
    to: Annotated[Literal["onnx"], typer.Option(help="The format of the export.")],
    out: Annotated[Path | None, typer.Option(help="The folder to write. Default: MODEL/onnx.")] = None,
    quantize: Annotated[
        Literal["int8"] | None, typer.Option(help="int8: weights as bytes, a quarter of the size.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an existing export.")] = False,
) -> None:
    """Export a trained model to files that run without PyTorch, and check them against it."""
    from unspool.export.onnx import export as export_onnx
    from unspool.export.onnx import stages

    with counting(len(stages(quantize)), "exporting") as count:
        done = export_onnx(model, out, quantize=quantize, overwrite=overwrite, on_stage=lambda stage: count(1))
    for name, size in done.sizes.items():
        print(f"{name:<14} {size / MEGABYTE:.1f} MB")
    for line in figures(done.parity):
        print(line)
    if done.kept:
        say(f"{done.kept} was changed there, so it stays as it is. To copy the model's again, delete it first.")
    say(f"The exported model is in {done.folder}. Next: unspool predict {quote(str(done.folder))}")


def figures(parity: dict[str, Any]) -> list[str]:
    """The results of the checks, in sentences."""
    lines = [f"Log-probabilities differ from PyTorch's by {parity['log_prob']:.1e} nats at most."]
    near = parity.get("quantized")
    if near and "answers" not in near:  # of a density
        random = f"log-densities of {near['sources']} random answers"
        lines.append(f"As int8, {random} differ by {near['log_prob']:.3f} nats an item on average.")
    elif near:
        lines.append(
            f"As int8, {near['answers']:.0%} of the greedy answers to {near['sources']} random sources are the same, "
            f"{near['choices']:.1%} of the symbols; log-probabilities differ by {near['log_prob']:.3f} nats on average."
        )
    return lines
