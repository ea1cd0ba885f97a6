"""Find the words of a model's dictionary that its network answers alike, which `--to web` leaves out.

    python -m benchmarks.quality.g2p_en_learned src/unspool/bundled/g2p-en

A word counts as learned if it has one answer, and greedy search and the model's own beam both give it. Words are asked
one at a time, as in a browser: int8 has a scale for each batch. It takes half an hour on a core for 125,000 words.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from unspool import folder as disk
from unspool.data.sorted_table import read_sorted_table
from unspool.export.web_dictionary import write_learned
from unspool.loading import load_predictor
from unspool.predictor import Predictor

SHOWN = 5000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="an exported folder with a dictionary")
    folder = parser.parse_args().folder
    learned = learned_of(folder)
    write_learned(folder, learned)
    print(f"{folder}: {sum(learned):,} of {len(learned):,} words")


def learned_of(folder: Path) -> list[bool]:
    """For each word of the dictionary, in its order: whether the network alone gives its only answer."""
    table, network = read_sorted_table(folder / disk.DICTIONARY), network_of(folder)
    found: list[bool] = []
    for source, answers in table.items():
        found.append(len(answers) == 1 and is_learned(network, source, answers[0]))
        if len(found) % SHOWN == 0:
            print(f"{len(found):,} words, {sum(found):,} learned", flush=True)
    return found


def network_of(folder: Path) -> Predictor:
    """The model of an exported folder with nothing before or after its network."""
    whole = load_predictor([folder], engine="onnx")
    return Predictor(whole.config, whole.metadata, whole.fields, whole.stepper)


def is_learned(network: Predictor, source: str, answer: str) -> bool:
    """Whether greedy search and the model's own beam both give this answer."""
    return all(network.predict([source], **asked)[0].text == answer for asked in ({"beam": 1}, {}))


if __name__ == "__main__":
    main()
