"""A sentence to its sounds: known words from the dictionary, others from the model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from unspool.arguments import text_of
from unspool.errors import Mistake
from unspool.g2p.arpabet import SYMBOLS, to_ipa
from unspool.g2p.numbers import cardinal
from unspool.g2p.spoken import letters, spoken
from unspool.loading import load_predictor
from unspool.screens.console import say

MODEL = "g2p-en"
# As good as 5 on held-out words, and faster.
BEAM = 3
# The model reads words; what is longer than any is read in pieces of this many letters.
LONGEST = 48
# So many words are kept with their sounds; then they are forgotten, and looked up again.
KEPT = 20_000
# Capitals of at most this length that are no known word are read letter by letter.
INITIALISM = 5
# Characters of a text in a message.
SHOWN = 60
_WORD = re.compile(r"'?[a-z]+(?:'[a-z]+)*'?")
_TOKEN = re.compile(rf"{_WORD.pattern}|\.{{2,}}|[.,?!]|(?<![a-z])-|-(?![a-z])", re.IGNORECASE)


class G2p:
    """English sentences to ARPAbet with stress, as g2p_en's class of this name.

    model:   the name or folder of a model that writes ARPAbet
    lexicon: words with sounds of your own, `{"live": "L IH1 V"}`, which go before the dictionary

    Words that are spelled alike and sound different (read, lead, record) are not told apart: they get the first
    pronunciation of the dictionary; `pronunciations` has all of them. One object may be used by several threads.
    """

    def __init__(self, model: str | Path = MODEL, lexicon: Mapping[str, str] | None = None) -> None:
        self._predictor = load_predictor([Path(model)], "cpu")
        self._own = _own(lexicon or {})
        self._known: dict[str, tuple[str, ...]] = {}
        self._lock = Lock()
        cardinal("1")  # the first number and the first unknown word take longer than later ones
        self._predictor.predict(["unspool"], beam=BEAM, lexicon=False)

    def __call__(self, text: str) -> list[str]:
        """The sounds of a text, with " " between words and punctuation (. , ? ! - and ...) as it is.

        Numbers, money, times and common abbreviations are read as words. Accents are left out, and so is everything
        that is neither a Latin letter nor a digit nor such punctuation. A text without any of these has no sounds,
        `[]`; where it has other letters, such as Hangul, one line on stderr says that none could be read.
        """
        found: list[str] = []
        for sounds in self._words(text):
            found += [*sounds, " "]
        return found[:-1]

    def ipa(self, text: str) -> str:
        """The text in IPA, with the marks of stress before their syllables."""
        words = (to_ipa(sounds) if sounds[0] in SYMBOLS else f"{sounds[0]} " for sounds in self._words(text))
        return re.sub(r" (?=[.,?!])", "", " ".join(word.strip() for word in words))

    def pronunciations(self, word: str) -> list[list[str]]:
        """All pronunciations of one word, the first one first: those of the dictionary, or one of the model."""
        lowered = spoken(text_of(word, "text")).lower()
        if own := self._own.get(lowered):
            return [list(own)]
        listed = [sounds.split() for sounds in self._listed(lowered)]
        said = [sound for sounds in self._words(word) for sound in sounds if sound in SYMBOLS]
        return listed or ([said] if said else [])

    def __getstate__(self) -> dict[str, Any]:
        """Without the lock, which cannot be pickled."""
        return {name: value for name, value in self.__dict__.items() if name != "_lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """With a lock of its own."""
        self.__dict__.update(state, _lock=Lock())

    def _words(self, text: str) -> list[tuple[str, ...]]:
        """The sounds of each word, or a punctuation mark alone."""
        tokens = list(self._tokens(spoken(text_of(text, "text"))))
        if not tokens and any(map(str.isalnum, text)):
            say(f"No letter of '{text.strip()[:SHOWN]}' could be read: only Latin letters and digits are.")
        words = {token for token in tokens if token[-1].isalpha() or len(token) > 3}
        known = self._sounds(sorted(words))
        return [sounds for token in tokens if (sounds := known.get(token, (token,)))]

    def _tokens(self, text: str) -> Iterator[str]:
        """Words in small letters, as the dictionary has them, and punctuation."""
        shouted = text.isupper() and " " in text.strip()
        for token in _TOKEN.findall(text):
            word = token.lower()
            if not word.strip("'.,?!-"):
                yield word[:3]
            elif word in self._own or self._listed(word):
                yield word
            elif self._is_initialism(token) and not shouted:
                yield from letters(token).split()
            else:
                bare = word.strip("'")
                yield from (bare[place : place + LONGEST] for place in range(0, len(bare), LONGEST))

    def _is_initialism(self, token: str) -> bool:
        return token.isupper() and token.isalpha() and 2 <= len(token) <= INITIALISM

    def _listed(self, word: str) -> Sequence[str]:
        lexicon = self._predictor.lexicon
        return lexicon.answers(word) if lexicon is not None else ()

    def _sounds(self, words: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The sounds of words; unknown ones are answered together."""
        found, asked = dict[str, tuple[str, ...]](), list[str]()
        for word in words:
            if (sounds := self._own.get(word) or self._known.get(word)) is not None:
                found[word] = sounds
            elif listed := self._listed(word):
                found[word] = tuple(listed[0].split())
            else:
                asked.append(word)
        answers = self._predictor.predict(asked, beam=BEAM, lexicon=False) if asked else []
        found |= {word: tuple(one.text.split()) for word, one in zip(asked, answers, strict=True)}
        with self._lock:
            if len(self._known) + len(found) > KEPT:
                self._known.clear()
            self._known |= {word: found[word] for word in words[:KEPT]}
        return found


def _own(lexicon: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """A person's words as they come out of a text, with their sounds; what no text has as a word is a `Mistake`."""
    if not isinstance(lexicon, Mapping):
        raise Mistake("'lexicon' is no mapping of words to sounds.", 'Write it as {"live": "L IH1 V"}.')
    found = {}
    for word, sounds in lexicon.items():
        form = spoken(text_of(word, "lexicon")).lower()
        if not _WORD.fullmatch(form):
            raise Mistake(f"'{word}' in 'lexicon' is not one word of letters.", "Give each word of it alone.")
        found[form] = _checked(word, sounds)
    return found


def _checked(word: str, sounds: str) -> tuple[str, ...]:
    written = tuple(text_of(sounds, f"lexicon[{word!r}]").split())
    wrong = [sound for sound in written if sound not in SYMBOLS]
    if wrong or not written:
        what = f"The sounds of '{word}' are no ARPAbet with stress: {wrong[0] if wrong else 'there are none'}."
        raise Mistake(what, "Write them as CMUdict does: L IH1 V")
    return written
