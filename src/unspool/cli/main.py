"""`unspool`: the commands by name, and how errors are shown.

Exit codes: 0 success; 2 the user's mistake (one line tells what happened, one line what to do); 1 a bug of ours
(`--debug` shows the traceback); 130 interrupted. Commands import what they need when they run, so that help is instant.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from unspool import __version__
from unspool.cli.chat import chat
from unspool.cli.compare import compare
from unspool.cli.describe import describe
from unspool.cli.evaluate import evaluate
from unspool.cli.explain import explain
from unspool.cli.export import export
from unspool.cli.forecast import forecast
from unspool.cli.hand import hand
from unspool.cli.listings import models, recipes
from unspool.cli.predict import predict
from unspool.cli.processor import configure_process
from unspool.cli.push import push
from unspool.cli.repair import repair
from unspool.cli.run import run
from unspool.cli.score import score
from unspool.cli.serve import serve
from unspool.cli.settings import settings
from unspool.cli.streams import describe_failure, give_up_output, open_streams
from unspool.cli.train import train
from unspool.cli.tune import tune
from unspool.cli.write import write
from unspool.data.read_once import read_once
from unspool.errors import Mistake, lacks_memory
from unspool.screens.console import Stopped, print_error

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)

# The libraries of the extra 'train'; a base install runs every command that does not need them.
TRAINING_LIBRARIES = ("torch", "safetensors", "tensorboard", "matplotlib", "onnx", "onnxscript")

INTERRUPTED = 130
SMALLER = "Give it less at once (a smaller file, batch or beam), or close other programs."

EXAMPLES: dict[Callable[..., None], str] = {
    train: "unspool train pairs.tsv --out runs/mine --max-minutes 1",
    tune: "unspool tune pairs.tsv --out runs/search --minutes 1 --trials 10",
    predict: "echo hello | unspool predict runs/mine --beam 5",
    chat: "echo hello | unspool chat runs/mine",
    evaluate: "unspool evaluate runs/mine test.tsv",
    forecast: "unspool forecast runs/sales sales.csv --horizon 12",
    score: "unspool score runs/mine test.tsv",
    compare: "unspool compare pairs.tsv --models luong,gnmt --out compared",
    explain: "unspool explain runs/mine hello --out hello.html",
    hand: "unspool hand hand.html",
    write: 'unspool write runs/handwriting "Hello, world!" --out hello.svg',
    repair: "unspool repair program.py",
    export: "unspool export runs/mine --to onnx --quantize int8",
    serve: "unspool serve runs/mine --port 8080",
    push: "unspool push runs/mine OWNER/NAME --license apache-2.0",
    describe: "unspool describe pairs.tsv",
    models: "unspool models",
    settings: "unspool settings transformer",
    recipes: "unspool recipes",
    run: "unspool run g2p",
}


def _version(wanted: bool) -> None:
    if wanted:
        print(__version__)
        raise typer.Exit


@app.callback()
def unspool(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Train and use sequence-to-sequence models, from a table of pairs."""


for command, example in EXAMPLES.items():
    app.command(epilog=f"Example: $ {example}")(command)


def main() -> None:
    """The entry point: run a command and turn an error into an exit code."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # as in any filter: end quietly if the reader closes the pipe
    open_streams()
    configure_process()
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    try:
        with read_once():
            code = app(arguments, standalone_mode=False)
        sys.stdout.flush()  # here an error has an exit code
    except Exception as error:
        code, what, remedy = verdict(error)
        if debug and code == 1:
            raise
        print_error(what, remedy)
        give_up_output()
    else:
        if code == INTERRUPTED:  # the code that the library returns after Ctrl-C
            print_error("Interrupted.")
    sys.exit(code if isinstance(code, int) else 0)


def verdict(error: Exception) -> tuple[int, str, str]:
    """The exit code of an error, what happened, and what to do."""
    match error:
        case Mistake():
            return 2, error.what, error.remedy
        case Stopped():
            return INTERRUPTED, error.what, error.remedy
        case _ if lacks_memory(error):
            detail = f": {str(error).splitlines()[0]}" if str(error) else "."
            return 2, f"There is not enough memory{detail}", SMALLER
        case typer.TyperException():
            return 2, error.format_message(), _option_remedy(getattr(error, "option_name", ""))
        case ModuleNotFoundError() if error.name in TRAINING_LIBRARIES:
            return 2, f"This needs {error.name}, which is not installed.", "Run: pip install 'unspool[train]'"
        case OSError():
            what = f"The operating system reports: {error}."
            remedy = "Check the path, its permissions and the space left on the disk."
            return 2, *(describe_failure(error) or (what, remedy))
    what = f"This is a bug in unspool: {type(error).__name__}: {error}"
    return 1, what, "Run it again with --debug and report what it prints."


def _option_remedy(option: str) -> str:
    """What to do about a wrong option: many that people expect are settings here."""
    from unspool.config.run import place_of

    place = place_of(option)
    if not place:
        return "See: unspool --help, or unspool COMMAND --help"
    return f"In training it is a setting: {place}. Give it as --set KEY=VALUE; all are listed by: unspool settings"
