"""The toolkits by the names of the command line, in the order in which they are measured."""

from __future__ import annotations

from benchmarks.speed.tools.ctranslate2 import CTranslate2
from benchmarks.speed.tools.eole import Eole
from benchmarks.speed.tools.joeynmt import JoeyNMT
from benchmarks.speed.tools.marian import Marian
from benchmarks.speed.tools.opennmt import OpenNMT
from benchmarks.speed.tools.tool import PEERS, Tool
from benchmarks.speed.tools.unspool import Unspool
from benchmarks.speed.tools.yoyodyne import Yoyodyne

TOOLS: dict[str, Tool] = {
    "unspool": Unspool(),
    "unspool-fp32": Unspool(precision="fp32"),
    "unspool-feeding": Unspool("luong (input feeding)"),
    "unspool-feeding-fp32": Unspool("luong (input feeding)", "fp32"),
    "unspool-luong": Unspool("luong"),
    "unspool-sutskever": Unspool("sutskever"),
    "unspool-cho": Unspool("cho"),
    "unspool-gnmt": Unspool("gnmt"),
    "unspool-transformer": Unspool("transformer"),
    "opennmt": OpenNMT(),
    "eole": Eole(),
    "eole-bf16": Eole("bf16"),
    "eole-transformer": Eole(network="transformer"),
    "eole-transformer-bf16": Eole("bf16", "transformer"),
    "joeynmt": JoeyNMT(),
    "marian": Marian(),
    "yoyodyne": Yoyodyne(),
    "ctranslate2": CTranslate2(),
}


def ready(name: str) -> bool:
    """Whether a tool can be measured: ours always, a peer if it is installed."""
    home = TOOLS[name].home
    return not home or (PEERS / home / "installed").exists()
