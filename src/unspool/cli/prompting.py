"""`unspool predict --prompt`: a beginning, printed with each of its continuations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from unspool.errors import Mistake

if TYPE_CHECKING:
    from unspool.answers.answer import Prediction
    from unspool.model import Model


def continued(
    trained: Model, prompt: str | None, prompt_file: Path | None, files: list[Path], decoding: dict[str, Any]
) -> tuple[str, Prediction]:
    """The continuations of a beginning, line breaks included, with a blank line between two."""
    beginning = _beginning(prompt, prompt_file)
    if trained.fields.task.source != "running_text":
        what = f"A prompt needs a model of running text, and this is a {trained.config.model.name}."
        raise Mistake(what, "Give it lines to answer, in a file or on standard input.")
    if files:
        raise Mistake("--prompt and --prompt-file cannot be combined with files of lines.", "Give one or the other.")
    (prediction,) = trained.predict([beginning], **decoding)
    return "\n\n".join(beginning + answer.text for answer in prediction.hypotheses), prediction


def _beginning(prompt: str | None, file: Path | None) -> str:
    from unspool.data.running_text import read_text

    if file is None:
        return prompt or ""
    if prompt is not None:
        raise Mistake("--prompt cannot be combined with --prompt-file.", "Give one or the other.")
    return read_text([file])
