"""The same words in two voices of espeak-ng: the data of the recipe voice."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from pathlib import Path
from pydoc_data.topics import topics
from typing import TYPE_CHECKING

from unspool.audio.espeak import refuse_without_espeak, speak

if TYPE_CHECKING:
    from unspool.recipes.training import Screen

# A man's voice with an American accent, and a woman's with a Scottish one.
VOICES = {"source": "en-us+m3", "target": "en-gb-scotland+f2"}
COUNT = 600


def words(count: int) -> list[str]:
    """English words of Python's own documentation, each used at least twice; the same ones with the same Python."""
    used = Counter(re.findall(r"\b[a-z]{4,12}\b", " ".join(topics.values())))
    known = [word for word, times in used.items() if times > 1]
    return sorted(known, key=lambda word: blake2b(word.encode()).digest())[:count]


def speak_words(folder: Path, screen: Screen) -> None:
    """Write source/WORD.wav and target/WORD.wav for each word; a stopped run begins again."""
    refuse_without_espeak()
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    spoken = [(word, side) for word in words(COUNT) for side in VOICES]
    for side in VOICES:
        (partial / side).mkdir(parents=True)
    with screen.counting(len(spoken), "speaking") as count, ThreadPoolExecutor(2) as pool:
        for _ in pool.map(lambda one: speak(one[0], VOICES[one[1]], partial / one[1] / f"{one[0]}.wav"), spoken):
            count(1)
    partial.rename(folder)
