"""Commands that start at once: copies of one process that has imported what they need (PyTorch takes seconds).

    programs()      a folder with a program `unspool`, to be put first on a PATH
    python warm.py SOCKET   the process behind it; it ends when its standard input does

The program hands its words, folder, environment and three streams to that process, which forks. Everything else is as
in a process of its own, except that variables which PyTorch reads on import are this run's.
"""

from __future__ import annotations

import atexit
import functools
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from select import select

PROGRAM = """#!{python} -IS
import json, os, socket, sys
line = socket.socket(socket.AF_UNIX)
line.connect({address!r})
request = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(line, [len(request).to_bytes(8, "big")], [0, 1, 2])
line.sendall(request)
sys.exit(int(line.recv(8) or b"1"))
"""
# Imported before the first fork: libraries, and of our own package what most commands need.
WANTED = (
    "torch", "torch._dynamo", "torch.onnx", "onnxscript", "onnxruntime", "tensorboard", "matplotlib.pyplot",
    "pydantic", "typer", "rich",
    "unspool.api", "unspool.cli.main", "unspool.evaluator", "unspool.export.onnx", "unspool.fitting", "unspool.model",
    "unspool.runs", "unspool.runtime.stepper", "unspool.setup.ready_run", "unspool.training.loop",
)  # fmt: skip


@functools.cache
def programs() -> Path:
    """The folder of the program; its process is started once for this one. Elsewhere than on Linux: the real program's.

    PyTorch's libraries do not bear a fork everywhere.
    """
    if sys.platform != "linux":
        return Path(sys.executable).parent
    folder = Path(tempfile.mkdtemp(prefix="unspool-warm-"))
    address = str(folder / "socket")
    program = folder / "unspool"
    program.write_text(PROGRAM.format(python=sys.executable, address=address))
    program.chmod(0o755)
    process = subprocess.Popen([sys.executable, __file__, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout and process.stdout.readline() == b"ready\n"
    programs.process = process  # type: ignore[attr-defined]  # its standard input is open as long as this is
    return folder


def serve(address: str) -> list[str]:
    """Wait for commands. Returns in a copy of this process, which has become a command; its words."""
    for name in WANTED:
        __import__(name)
    gc.freeze()  # the copies share what is not touched
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen()
    print("ready", flush=True)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the copies that wait for commands
    while listening in select([listening, sys.stdin], [], [])[0]:
        line, _ = listening.accept()
        if not os.fork():
            listening.close()
            return _become_a_command(line)
        line.close()
    sys.exit()


def _become_a_command(line: socket.socket) -> list[str]:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    head, streams, _, _ = socket.recv_fds(line, 8, 3)
    words, folder, environment = json.loads(_read(line, int.from_bytes(head, "big")))
    command = os.fork()
    if command:
        for stream in streams:
            os.close(stream)
        os.closerange(0, 3)
        if line in select([line, os.pidfd_open(command)], [], [])[0]:  # who waited for it was ended
            os.kill(command, signal.SIGTERM)
        code = os.waitstatus_to_exitcode(os.waitpid(command, 0)[1])
        line.sendall(str(code if code >= 0 else 128 - code).encode())
        os._exit(0)
    line.close()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    # Streams remember what they were opened on.
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    first = environment.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:0] = first
    if any((Path(folder) / "unspool").is_dir() for folder in first if folder):
        _forget_our_package()
    return words


def _forget_our_package() -> None:
    """A page that changes the package runs its own copy of it."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "unspool"]:
        del sys.modules[name]


def _read(line: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size and (more := line.recv(size - len(received))):
        received += more
    return received


if __name__ == "__main__":
    sys.argv[1:] = serve(sys.argv[1])
    sys.argv[0] = "unspool"
    from unspool.cli.main import main

    try:
        main()
    except SystemExit as ended:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        os._exit(int(ended.code or 0))  # without taking PyTorch apart, which takes half a second
