"""`unspool export`: a trained model as files that run without PyTorch, or in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shlex import quote
from typing import Annotated, Any, Literal

import typer

from unspool.cli.folders import asking
from unspool.errors import Mistake
from unspool.screens.console import counting, say

MEGABYTE = 1e6
# Where an export for browsers goes by default, inside the model's folder.
INSIDE = {"web": "web", "single-file": "web.html"}


def export(
    models: Annotated[
        list[str],
        typer.Argument(
            metavar="MODEL...", help="A trained folder. For web also exported ones, several, or NAME=FOLDER."
        ),
    ],
    to: Annotated[
        Literal["onnx", "web", "single-file"],
        typer.Option(help="onnx: files for unspool predict; web: a folder for any host; single-file: one HTML file."),
    ],
    out: Annotated[
        Path | None, typer.Option(help="What to write. Default: in MODEL, onnx or web, or the file web.html.")
    ] = None,
    quantize: Annotated[
        Literal["int8"] | None, typer.Option(help="int8: weights as bytes, a quarter of the size.")
    ] = None,
    engine: Annotated[
        Path | None, typer.Option(help="For web without a network: the archive of onnxruntime-web from npm.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an existing export.")] = False,
) -> None:
    """Export a trained model to files that run without PyTorch, and check them against it.

    For example: unspool export runs/g2p --to web --out site
    """
    if to != "onnx":
        _export_web(models, to, out, quantize, engine, overwrite)
        return
    if len(models) > 1:
        raise Mistake(f"{len(models)} models were given, and an export holds one.", "Export each of them.")
    if engine is not None:
        raise Mistake("--engine is for browsers, and this export is not.", "Leave it out, or use --to web.")
    _export_onnx(models[0], out, quantize, overwrite)


def _export_onnx(model: str, out: Path | None, quantize: Literal["int8"] | None, overwrite: bool) -> None:
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
    for told in _left_behind(Path(model), done.folder):
        say(told)
    say(f"The exported model is in {done.folder}. Next: {asking(done.folder)}")


def _left_behind(model: Path, out: Path) -> Iterator[str]:
    """How a second model that has a say in the first one's answers can be exported to stand beside it again."""
    from unspool.folder import READER, REVERSE
    from unspool.runtime.manifest import companion

    for name in (READER, REVERSE):
        beside = companion(model, name)
        if beside is not None and model not in out.parents and companion(out, name) is None:
            what = f"{beside} has a say in the model's answers, and is not in the export."
            yield f"{what} To take it along: unspool export {quote(str(beside))} --out {quote(str(out / name))}"


def _export_web(
    models: list[str],
    to: Literal["web", "single-file"],
    out: Path | None,
    quantize: Literal["int8"] | None,
    engine: Path | None,
    overwrite: bool,
) -> None:
    from unspool.export.web import check_models, export_web
    from unspool.export.web_engine import PIECE, engine_files

    if out is None and (len(models) > 1 or not Path(models[0]).is_dir()):
        raise Mistake("It is not clear where the page should be written.", "Name it: --out site")
    check_models(models)  # before megabytes are fetched
    with counting(None, "fetching onnxruntime-web") as count:
        runtime = engine_files(engine, lambda arrived, total: count(PIECE // 2**20))
    with counting(len(models), "exporting") as count:
        done = export_web(
            models, out or Path(models[0]) / INSIDE[to], single_file=to == "single-file", quantize=quantize,
            runtime=runtime, overwrite=overwrite, on_model=lambda name: count(1),
        )  # fmt: skip
    for name, size in done.sizes.items():
        print(f"{name:<20} {size / MEGABYTE:5.1f} MB")
    print(f"{'as a host sends it':<20} {done.zipped / MEGABYTE:5.1f} MB (gzip)")
    for message in done.messages:
        say(message)
    if to == "web":
        say(f"The page is in {done.path}. Next: python -m http.server --directory {quote(str(done.path))}")
    else:
        say(f"The page is {done.path}. Next: open it in a browser")


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
