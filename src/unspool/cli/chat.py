"""`unspool chat`: a conversation with a trained model."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unspool.cli.processor import Threads, use_threads
from unspool.screens.console import say, write

if TYPE_CHECKING:
    from unspool.chat.conversation import Conversation

COMMANDS = {"/undo": "forget the last turn", "/reset": "forget the conversation", "/quit": "end it, as Ctrl-D does"}


def chat(
    model: Annotated[Path, typer.Argument(help="A trained or exported folder that answers lines with lines.")],
    rerank: Annotated[
        Path | None,
        typer.Option(metavar="MODEL", help="The model from replies to lines. Default: reverse/ in the model's folder."),
    ] = None,
    rerank_weight: Annotated[
        float | None, typer.Option(help="Of what that model says; 0: replies as the model finds them. Default: 0.5.")
    ] = None,
    unsure: Annotated[
        str | None, typer.Option(metavar="LINE", help="Say this line where the model has nothing to say.")
    ] = None,
    at_least: Annotated[
        float | None,
        typer.Option(
            help="The least confidence of a reply, with --unsure. Default: that of a tenth of held-out lines."
        ),
    ] = None,
    beam: Annotated[
        int | None, typer.Option(help="Replies that are searched together. Default: 10 with --rerank.")
    ] = None,
    sample: Annotated[
        bool | None, typer.Option("--sample/--no-sample", help="Draw replies, so that they vary with --seed.")
    ] = None,
    temperature: Annotated[float | None, typer.Option(help="Sampling temperature; below 1 is calmer.")] = None,
    top_k: Annotated[int | None, typer.Option(help="Sample from this number of most probable symbols.")] = None,
    top_p: Annotated[
        float | None, typer.Option(help="Sample from symbols that together reach this probability.")
    ] = None,
    no_repeat: Annotated[int | None, typer.Option(help="No reply repeats a run of so many symbols; 0: it may.")] = None,
    max_length: Annotated[int | None, typer.Option(help="Maximum number of symbols in a reply.")] = None,
    seed: Annotated[int | None, typer.Option(help="Random seed of sampling. Default: 1.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each turn.")] = False,
    calibrate: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="No conversation: learn from held-out lines and replies when it has nothing to say."
        ),
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    threads: Threads = None,
) -> None:
    """Talk with a trained model, on a terminal or line by line through a pipe.

    /undo forgets the last turn, /reset the conversation; /quit or Ctrl-D ends it.
    """
    use_threads(threads)
    from unspool.chat.conversation import Conversation
    from unspool.chat.relevance import keep_relevance, read_relevance
    from unspool.chat.responder import Responder
    from unspool.chat.terminal import lines
    from unspool.cli.reranker import reranker_of
    from unspool.folder import REVERSE
    from unspool.model import load
    from unspool.runtime.manifest import companion

    trained = load(model, device)
    if calibrate is not None:
        say(keep_relevance(trained, calibrate))
        return
    decoding: dict[str, Any] = {
        "beam": beam, "sample": sample, "temperature": temperature, "top_k": top_k, "top_p": top_p,
        "no_repeat": no_repeat, "max_length": max_length, "seed": seed,
    }  # fmt: skip
    reverse = rerank or (companion(model, REVERSE) if rerank_weight != 0 else None)
    responder = Responder(
        trained, reranker=reranker_of(reverse, rerank_weight or None, device),
        relevance=read_relevance(model), unsure=unsure, at_least=at_least, **decoding,
    )  # fmt: skip
    conversation = Conversation(trained.config.chat)
    if sys.stdin.isatty():
        say("".join(f"{name}: {what}.  " for name, what in COMMANDS.items()).rstrip())
    for line in lines():
        if not line.strip():
            continue
        if line.startswith("/"):
            if not _obey(line.strip(), conversation):
                return
            continue
        reply = responder.reply(conversation, line)
        write(
            json.dumps(reply.to_json(line, conversation.count), ensure_ascii=False)
            if as_json
            else _one_line(reply.text)
        )
        sys.stdout.flush()


def _obey(command: str, conversation: Conversation) -> bool:
    """Do what a command says; whether the conversation goes on."""
    if command == "/undo":
        turn = conversation.undo()
        say(f"Forgotten: {turn.said}" if turn else "There is no turn to forget.")
    elif command == "/reset":
        conversation.reset()
        say("The conversation begins anew.")
    elif command != "/quit":
        say(f"There is no command {command[:40]}. There are: {', '.join(COMMANDS)}")
    return command != "/quit"


def _one_line(text: str) -> str:
    return " ".join(text.split())
