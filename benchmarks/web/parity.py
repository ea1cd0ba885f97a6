"""A model in headless Chromium against the same model in Python: are the answers the same?

Every answer of a beam is compared, its text and its symbols. A console error, or a request to another host, fails.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.web.browser import browsing, chromium, static_host, visit
from unspool.export.onnx import export
from unspool.export.web import export_web
from unspool.export.web_engine import engine_files
from unspool.loading import load_predictor
from unspool.predictor import Predictor
from unspool.runtime.manifest import holds_an_export, read_manifest

# Sources that are asked between two looks at the clock of Playwright.
PART = 50
ASK = """async ([id, sources, asked]) => {
  globalThis.engine ??= (await import(new URL("engine/page_engine.js", document.baseURI))).browserEngine(document);
  const found = [];
  for (const source of sources) found.push(await globalThis.engine.predict(id, { source, ...asked }));
  return found;
}"""


class Compared(NamedTuple):
    """What a comparison found.

    different: sources with another answer, each with both
    score:     the largest difference of a score in nats, where the answers are the same
    seconds:   an answer's, in the browser
    """

    sources: int
    different: list[dict[str, Any]]
    score: float
    seconds: float


def sources_of(path: Path, predictor: Predictor, limit: int) -> list[str]:
    """Different sources of a file: the first columns of its lines, as many as the model reads."""
    columns = len(predictor.fields.source.column_kinds)
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys("\t".join(line.split("\t")[:columns]) for line in lines if line.strip()))[:limit]


def compare(
    page: Any, predictor: Predictor, sources: Sequence[str], asked: dict[str, Any], *, alone: bool = False
) -> Compared:
    """Ask both, and compare. alone: Python reads one source at a time, as int8 needs it: scales are those of a batch"""
    expected = (
        [predictor.predict([source], **asked)[0] for source in sources]
        if alone
        else predictor.predict(sources, **asked)
    )
    found: list[dict[str, Any]] = []
    page.evaluate(ASK, ["model", sources[:1], asked])  # the graphs are loaded
    begun = time.perf_counter()
    for start in range(0, len(sources), PART):
        found += page.evaluate(ASK, ["model", list(sources[start : start + PART]), asked])
    seconds = (time.perf_counter() - begun) / max(1, len(sources))
    different, largest = [], 0.0
    for source, one, other in zip(sources, expected, found, strict=True):
        ours = [(answer.text, answer.tokens) for answer in one.hypotheses]
        theirs = [(answer["text"], answer["tokens"]) for answer in other["hypotheses"]]
        if ours != theirs:
            different.append({"source": source, "python": ours, "browser": theirs})
            continue
        scores = zip(one.hypotheses, other["hypotheses"], strict=True)
        largest = max([largest, *(abs(mine.score - its["score"]) for mine, its in scores)])
    return Compared(len(sources), different, largest, seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="a trained or exported folder")
    parser.add_argument(
        "inputs", type=Path, help="a file with a source on each line, or a table whose first columns are"
    )
    parser.add_argument("--beam", type=int, default=5)
    parser.add_argument("--limit", type=int, default=1000, help="different sources")
    parser.add_argument("--quantize", choices=["int8"])
    parser.add_argument("--engine", type=Path, help="the archive of onnxruntime-web")
    parser.add_argument("--chromium", default=chromium(), help="the browser")
    given = parser.parse_args()
    if given.chromium is None:
        raise SystemExit("No Chromium was found. Give it: --chromium PATH")
    with tempfile.TemporaryDirectory() as temporary:
        exported, site = Path(temporary) / "model", Path(temporary) / "site"
        if holds_an_export(given.model):
            exported = given.model
        else:
            export(given.model, exported, quantize=given.quantize)
        done = export_web([f"model={exported}"], site, runtime=engine_files(given.engine))
        megabytes = ", ".join(f"{name} {size / 1e6:.2f}" for name, size in done.sizes.items())
        print(f"MB: {megabytes}; all files, each compressed by gzip: {done.zipped / 1e6:.2f}")
        failed = run(given, exported, site)
    raise SystemExit(failed)


def run(given: argparse.Namespace, exported: Path, site: Path) -> int:
    """Compare greedy search and a beam, and print what was found; 1 if anything differs."""
    predictor = load_predictor([exported])
    sources, failed = sources_of(given.inputs, predictor, given.limit), 0
    with static_host(site) as host, browsing(given.chromium) as browser, visit(browser) as visited:
        visited.page.goto(host)
        for beam in (1, given.beam):
            asked = {"beam": beam, "n_best": beam}
            found = compare(visited.page, predictor, sources, asked, alone=_is_quantized(exported))
            failed |= bool(found.different)
            same = found.sources - len(found.different)
            print(
                f"beam {beam}: {same} of {found.sources} sources have the same answers, "
                f"scores differ by {found.score:.1e} nats at most; {found.seconds * 1000:.0f} ms an answer"
            )
            for one in found.different[:5]:
                print(json.dumps(one, ensure_ascii=False))
        wrong = visited.wrong(host)
        print(f"messages and requests to other hosts: {len(wrong)}", *wrong[:5], sep="\n")
        print(f"Chromium {browser.version}")
    return int(failed or bool(wrong))


def _is_quantized(exported: Path) -> bool:
    return read_manifest(exported).quantized is not None


if __name__ == "__main__":
    main()
