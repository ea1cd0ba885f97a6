"""What a repair must beat: methods that use a critic's line and message and no network.

delete_line     the line that the critic names is deleted (its weakest use: it compiles, and is not the program)
CommonEdits     the commonest edit for a message, after MACER (Chhatbar, Ahmed, Kar 2020, arXiv:2005.14015)
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from unspool.repair.code import Code, lines_of
from unspool.repair.edits import TokenEdit, apply, difference
from unspool.repair.examples import CodePair
from unspool.repair.language import Complaint, Critic, Language
from unspool.repair.places import QUOTED, error_token
from unspool.repair.spacing import Spacing

# Edits that reach farther than this from the place of the complaint say little about the message.
FARTHEST = 6
Relative = tuple[int, int, tuple[str, ...]]


def delete_line(text: str, complaint: Complaint) -> str:
    """The text without the line of a complaint; its line break stays, so that other lines keep their numbers."""
    lines = lines_of(text)
    number = min(complaint.line, len(lines)) - 1
    if number >= 0:
        lines[number] = lines[number][len(lines[number].rstrip("\r\n")) :]
    return "".join(lines)


class CommonEdits:
    """The commonest edit for each form of message, at the same distance from the place of the complaint."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._seen: dict[str, Counter[Relative]] = defaultdict(Counter)

    def learn(self, pairs: Iterable[CodePair], critic: Critic) -> None:
        """Count the edits of pairs."""
        for pair in pairs:
            complaint = pair.complaint or next(iter(critic.check(pair.broken, 1)), None)
            broken, fixed = (self.language.lexer.read(text) for text in (pair.broken, pair.fixed))
            edit = difference(broken, fixed, self.language.lexer)
            if complaint is None or edit is None:
                continue
            place = error_token(broken, complaint)
            if abs(edit.start - place) <= FARTHEST:
                self._seen[_form(complaint)][edit.start - place, edit.end - edit.start, edit.texts] += 1

    def fix(self, text: str, complaint: Complaint) -> str:
        """The text after the commonest edit; as it is where the message is new."""
        seen = self._seen.get(_form(complaint))
        if not seen:
            return text
        code = self.language.lexer.read(text)
        (distance, length, texts), _ = seen.most_common(1)[0]
        start = error_token(code, complaint) + distance
        if not 0 <= start <= start + length <= len(code.tokens):
            return text
        return self._applied(code, TokenEdit(start, start + length, texts))

    def _applied(self, code: Code, edit: TokenEdit) -> str:
        return apply(code, edit, Spacing(code, self.language.lexer, self.language.keywords))


def _form(complaint: Complaint) -> str:
    """A message with the signs that it quotes, and without names."""
    return QUOTED.sub(lambda found: "?" if found.group(1).isidentifier() else found.group(), complaint.message)
