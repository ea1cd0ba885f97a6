"""Find the words of a model's dictionary that its network answers alike, which `--to web` leaves out.

    python -m benchmarks.quality.g2p_en_learned src/unspool/bundled/g2p-en

A word is learned if it has one answer, and greedy search and the model's own beam both give it. A browser asks one word
at a time, and int8 has a scale for each batch. So words are asked in batches first; those whose answer does not lead
the next one clearly, in the beam and in each greedy step, are asked again alone. It takes ten minutes on a core for
125,000 words.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from unspool import folder as disk
from unspool.answers.answer import Prediction
from unspool.data.sorted_table import read_sorted_table
from unspool.decoding.hypothesis import length_penalty
from unspool.export.web_dictionary import write_learned
from unspool.loading import load_predictor
from unspool.predictor import Predictor
from unspool.types import EOS, Question

# A lead in nats that no other scale of int8 takes away.
CLEAR = 0.3
PART, BATCH = 5000, 256


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
    only = {source: answers[0] for source, answers in table.items() if len(answers) == 1}
    learned: set[str] = set()
    sources = list(only)
    for start in range(0, len(sources), PART):
        part = {source: only[source] for source in sources[start : start + PART]}
        learned |= _learned(network, part)
        print(f"{start + len(part):,} words with one answer, {len(learned):,} learned", flush=True)
    return [source in learned for source in table]


def _learned(network: Predictor, answers: dict[str, str]) -> set[str]:
    """The sources whose answers the network gives."""
    found = set()
    by_beam = network.predict(answers, n_best=min(2, network.config.decoding.beam))
    greedily = network.predict(answers, beam=1, n_best=1)
    leads = greedy_leads(network, list(answers))
    for (source, answer), best, greedy in zip(answers.items(), by_beam, greedily, strict=True):
        if not best.text == greedy.text == answer:
            continue
        is_clear = min(_lead(network, best), leads[source]) > CLEAR
        if is_clear or is_learned(network, source, answer):
            found.add(source)
    return found


def _lead(network: Predictor, found: Prediction) -> float:
    """By how much the best answer leads the next one, in nats as the beam ranks them; 0 where there is no next one."""
    alpha = network.config.decoding.length_penalty
    ranks: Sequence[float] = [one.score / length_penalty(one.symbols, alpha) for one in found.hypotheses]
    return ranks[0] - ranks[1] if len(ranks) > 1 else 0.0


def greedy_leads(network: Predictor, sources: Sequence[str]) -> dict[str, float]:
    """For each source the least lead, in nats, of the symbol that greedy search takes, over all steps."""
    leads: dict[str, float] = {}
    ordered = sorted(sources, key=len)
    for start in range(0, len(ordered), BATCH):
        batch = ordered[start : start + BATCH]
        leads |= zip(batch, _batch_leads(network, batch), strict=True)
    return leads


def _batch_leads(network: Predictor, batch: Sequence[str]) -> list[float]:
    stepper, field = network.stepper, network.fields.source
    cursor, alive = stepper.open(field.collate([field.encode(source) for source in batch])), np.arange(len(batch))
    least = np.full(len(batch), np.inf)
    for _ in range(network.config.decoding.max_length):
        answer, cursor = stepper.step(cursor, Question(top_k=2))
        items, log_probs = answer.best
        least[alive] = np.minimum(least[alive], log_probs[:, 0] - log_probs[:, 1])
        going = np.flatnonzero(items[:, 0] != EOS)
        if not len(going):
            break
        alive, cursor = alive[going], stepper.select(cursor, going, going, items[going, 0])
    found: list[float] = least.tolist()
    return found


def network_of(folder: Path) -> Predictor:
    """The model of an exported folder with nothing before or after its network."""
    whole = load_predictor([folder], engine="onnx")
    return Predictor(whole.config, whole.metadata, whole.fields, whole.stepper)


def is_learned(network: Predictor, source: str, answer: str) -> bool:
    """Whether greedy search and the model's own beam both give this answer to a source that is asked alone."""
    return all(network.predict([source], **asked)[0].text == answer for asked in ({"beam": 1, "n_best": 1}, {}))


if __name__ == "__main__":
    main()
