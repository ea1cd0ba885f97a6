"""A server in a process of its own, without PyTorch: signals, slow clients, cut connections; and its command line."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from keyboard import Shell
from servers import Running, exported, request, response, running
from unspool.errors import Mistake
from unspool.serve.quantities import bytes_of, seconds_of
from unspool.serve.server import names_of, url

SLOW = {"sources": ["abcdef"] * 200, "beam": 32, "n_best": 32, "max_length": 1000}
BOUNDS = ["--read-timeout", "500ms", "--idle-timeout", "1s", "--max-body", "5kB", "--max-sources", "400"]


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running(f"luong={exported('luong')}", f"second={exported('han')}", *BOUNDS) as found:
        yield found


def ended(line: socket.socket) -> bool:
    """Whether the server has closed the connection; waits for it."""
    try:
        while line.recv(65536):
            pass
    except ConnectionError:
        pass
    return True


def test_it_answers_where_it_says_that_it_listens(server: Running) -> None:
    status, said = server.ask({"source": "fade"})
    assert status == 200 and said["model"] == "luong"
    assert server.ask({"source": "fade", "model": "second"})[0] == 200
    assert server.get("/ready") == (200, {"status": "ok"})


def test_a_client_that_sends_slowly_is_cut(server: Running) -> None:
    with server.connect() as headers, server.connect() as body:
        headers.sendall(b"POST /v1/predict HTTP/1.1\r\nHost: x\r\n")
        body.sendall(request("/v1/predict", {"source": "fade"})[:-3])
        status, said = response(body)
        assert status == 408 and said["error"]["type"] == "too_slow"
        assert ended(headers)


def test_a_connection_without_a_request_is_closed(server: Running) -> None:
    with server.connect() as line:
        line.sendall(request("/v1/predict", {"source": "fade"}, close=False))
        begun = time.monotonic()
        assert ended(line) and time.monotonic() - begun < 10


def test_requests_that_are_sent_at_once_are_answered_one_after_another(server: Running) -> None:
    with server.connect() as line:
        line.sendall(request("/v1/predict", {"source": "fade"}, close=False) * 2 + request("/v1/nothing", {}))
        received = b""
        while more := line.recv(65536):
            received += more
    assert received.count(b"HTTP/1.1 200") == 2 and received.count(b"HTTP/1.1 404") == 1


def test_headers_and_bodies_without_end_are_refused(server: Running) -> None:
    with server.connect() as line:
        try:
            for _ in range(2000):
                line.sendall(b"POST /v1/predict HTTP/1.1\r\nX: " + b"x" * 10_000)
        except ConnectionError:
            pass
        assert ended(line)
    with server.connect() as line:
        line.sendall(b"POST /v1/predict HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n")
        assert b" 413 " in line.recv(65536)
    assert server.ask({"source": "fade"})[0] == 200


@pytest.mark.parametrize("first", [10, 40_000])
def test_a_large_body_in_two_pieces_is_read(first: int) -> None:
    """Also where the last piece is larger than headers may be."""
    question = request("/v1/predict", {"sources": ["fade" * 2000] * 30, "max_length": 1})
    with running(f"luong={exported('luong')}") as server, server.connect() as line:
        head = question.index(b"\r\n\r\n") + 4
        line.sendall(question[: head + first])
        time.sleep(0.2)
        line.sendall(question[head + first :])
        assert response(line)[0] == 200


def test_a_connection_too_many_is_told_so_and_the_others_are_not_disturbed() -> None:
    with running(f"luong={exported('luong')}", "--max-connections", 2) as server:
        kept = [server.connect() for _ in range(2)]
        with kept[0], kept[1], server.connect() as many:
            many.sendall(request("/v1/predict", {"source": "fade"}, close=False))
            status, said = response(many)  # and the connection ends
            assert status == 503 and said["error"]["type"] == "overloaded" and "2 connections" in said["error"]["what"]
            assert server.get("/health") == (200, {"status": "ok"})
            kept[0].sendall(request("/v1/predict", {"source": "fade"}))
            assert response(kept[0])[0] == 200
            assert 'unspool_requests_total{path="/v1/predict",status="503"} 1.0' in _metrics(kept[1])
        assert server.ask({"source": "fade"})[0] == 200


def _metrics(line: socket.socket) -> str:
    line.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    return str(response(line)[1])


def test_work_ends_when_its_client_has_gone(server: Running) -> None:
    with server.connect() as line:
        line.sendall(request("/v1/predict", {**SLOW, "sources": SLOW["sources"][:100]}))
        time.sleep(0.3)
    begun = time.monotonic()
    assert server.ask({"source": "fade"})[0] == 200
    assert time.monotonic() - begun < 5, "the server went on with what nobody waits for"
    _, metrics = server.get("/metrics")
    assert 'unspool_requests_total{path="/v1/predict",status="499"} 1.0' in metrics


def test_a_stream_that_nobody_reads_ends_too(server: Running) -> None:
    """Also a test that writing to a closed connection does not end the server, as it ends a filter."""
    with server.connect() as line:
        line.sendall(request("/v1/predict", {"source": "abcdef", "stream": True, "max_length": 1000}))
        received = b""
        while b"event: symbol" not in received:
            received += line.recv(4096)
    assert server.ask({"source": "fade"})[0] == 200


def test_sighup_loads_the_models_again(server: Running) -> None:
    server.process.send_signal(signal.SIGHUP)
    server.until_logged("second reloaded")
    assert server.ask({"source": "fade"})[0] == 200


def test_sigterm_finishes_what_runs_refuses_what_comes_and_is_bounded() -> None:
    short = {"sources": ["abcdef"] * 64, "beam": 16, "n_best": 16, "max_length": 60}
    answers: list[tuple[int, Any]] = []
    with running(exported("luong"), "--grace", "3s") as server, server.connect() as endless:
        asking = threading.Thread(target=lambda: answers.append(server.ask(short)))
        asking.start()
        while "unspool_requests_running 2.0" not in server.get("/metrics")[1]:
            assert asking.is_alive()
        endless.sendall(request("/v1/predict", SLOW))
        while "unspool_requests_running 3.0" not in server.get("/metrics")[1]:
            assert asking.is_alive()
        server.process.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        asking.join(20)
        assert answers[0][0] == 200 and len(answers[0][1]["predictions"]) == 64
        assert server.process.wait(20) == 0 and time.monotonic() - begun < 10
        with pytest.raises(OSError):
            server.connect()


def test_the_command_line_says_what_is_wrong(shell: Shell, tmp_path: Path) -> None:
    luong = exported("luong")
    taken = socket.create_server(("127.0.0.1", 0))
    wrong: list[tuple[list[object], str]] = [
        ([tmp_path / "none"], "There is no model at"),
        ([luong, luong], "Two models are called 'exported'"),
        ([luong, "--port", taken.getsockname()[1]], "cannot listen at 127.0.0.1"),
        ([luong, "--host", "no.such.host.invalid"], "cannot listen at no.such.host.invalid"),
        ([luong, "--batch-wait", "soon"], "--batch-wait 'soon' is not a time."),
        ([luong, "--max-body", "big"], "--max-body 'big' is not a size."),
        ([luong, "--max-queue", 3], "only 3 can wait"),
        ([luong, "--log-format", "xml"], "There is no log format 'xml'."),
        ([luong, "--api-key-file", tmp_path / "none"], "cannot be read"),
        (["=x"], "'=x' names no model."),
    ]
    with taken:
        for words, what in wrong:
            said = shell("serve", *words)
            assert said.code == 2 and what in said.err, (words, said.err)


def test_without_the_extra_one_line_says_what_installs_it(monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
    import sys

    for name in [name for name in sys.modules if name.startswith(("unspool.serve.app", "unspool.serve.connections"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "fastapi", None)
    said = shell("serve", exported("luong"))
    assert said.code == 2 and "pip install 'unspool[serve]'" in said.err


def test_a_model_has_the_name_of_its_folder_or_the_one_given(tmp_path: Path) -> None:
    odd = tmp_path / "a=b"
    odd.mkdir()
    assert names_of([str(odd), "fr=runs/french"]) == {"a=b": odd, "fr": Path("runs/french")}


def test_times_sizes_and_addresses_are_as_people_write_them() -> None:
    assert [seconds_of(text, "-") for text in ("5ms", "1.5s", "2m", "3")] == [0.005, 1.5, 120.0, 3.0]
    assert [bytes_of(text, "-") for text in ("500", "1kB", "1.5 MB", "2MiB")] == [500, 1000, 1_500_000, 2 << 20]
    assert url("::1", 8080) == "http://[::1]:8080"
    for wrong in ("", "-1s", "1 week", "nan"):
        with pytest.raises(Mistake):
            seconds_of(wrong, "--timeout")
