"""Why a request has no answer: a status of HTTP with one line what, one line what to do, and a type for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from unspool.arguments import in_python
from unspool.errors import Mistake, lacks_memory, nearest

# The status in the log of a request whose client left before it was answered; nobody reads it.
GONE = 499
# The statuses of the answers, and their types for programs.
TYPES = {
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    409: "conflict",
    413: "too_large",
    422: "invalid_request",
    GONE: "gone",
    500: "internal",
    501: "not_supported",
    503: "overloaded",
    504: "timeout",
}


class Failure(Exception):
    """A request without an answer; `retry_after`: the seconds after which it is worth another try."""

    def __init__(self, status: int, what: str, remedy: str, retry_after: int | None = None) -> None:
        super().__init__(f"{what} {remedy}")
        self.status, self.what, self.remedy, self.retry_after = status, what, remedy, retry_after

    @property
    def type(self) -> str:
        """For programs."""
        return TYPES.get(self.status, "error")

    def to_json(self) -> dict[str, Any]:
        """The body of the response."""
        return {"error": {"type": self.type, "what": self.what, "remedy": self.remedy}}

    @property
    def headers(self) -> dict[str, str]:
        """The headers that go with the status."""
        retry = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return retry | ({"WWW-Authenticate": "Bearer"} if self.status == 401 else {})


def failure_of(error: BaseException, private: str = "") -> Failure:
    """What a client is told about an error: its own mistakes in full, and nothing of ours.

    private: a path that no client needs to see; a mistake that names it is about the server's files
    """
    match error:
        case Failure():
            return error
        case Mistake() if private and private in str(error):
            return Failure(500, "The model cannot answer.", "Its files may be damaged: see the server's log.")
        case Mistake():
            return Failure(422, in_python(error.what), in_python(error.remedy))
        case _ if lacks_memory(error):
            what = "There is not enough memory for this request."
            return Failure(503, what, "Send fewer or shorter sources, or a narrower beam.", retry_after=5)
    return Failure(500, "This is a bug of the server.", "Its log has the details: please report them.")


def client_gone() -> Failure:
    """Nobody waits for the answer any longer."""
    return Failure(GONE, "The client has gone.", "Keep the connection open until the answer is there.")


def invalid(errors: Sequence[Mapping[str, Any]], known: Iterable[str]) -> Failure:
    """The first of pydantic's errors about a request. known: the names of its options"""
    first = errors[0]
    places = [str(part) for part in first["loc"] if part not in ("body", "str")]
    *path, name = [part for part in places if not part.startswith("list[")] or [""]
    where = ".".join([*path, name])
    match first["type"]:
        case "json_invalid":
            what, remedy = f"The request is not JSON: {first['ctx']['error']}.", 'Send an object, {"source": …}.'
        case "missing" | "model_attributes_type" | "dict_type" if not where:
            what, remedy = "The request is no JSON object.", 'Send {"source": …} as application/json.'
        case "extra_forbidden":
            what, remedy = f"There is no option '{where[:60]}'.", nearest(name, known)
        case _:
            message = str(first["msg"]).removeprefix("Value error, ")
            what = f"'{where[:60]}' is wrong: {message}." if where else f"{message}."
            remedy = "What a request may hold is described in /openapi.json."
    return Failure(422, what, remedy)
