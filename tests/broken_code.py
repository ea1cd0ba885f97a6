"""Small programs that tests break and repair, and a fixer that knows the fix."""

from __future__ import annotations

from unspool.repair.edits import difference
from unspool.repair.fixer import Candidate
from unspool.repair.languages import PYTHON, C
from unspool.repair.window import CodeSymbols

PYTHON_TEXT = '''def area(width, height=1):
    """Of a box."""
    if width == 0:  # nothing
        print("empty", width)
        return None
    for i in range(10):
        width += 1
    return width*height
'''
C_TEXT = """#include <stdio.h>
int main() {
  int i, n = 0, a[10];   // three
  scanf("%d", &n);
  for (i = 0; i < n; i++) {
    if (a[i] == 3 && n >= 2) { printf("%d\\n", a[i]); }
    else n = n - 1;
  }
  return 0;
}
"""
TEXTS = {"python": (PYTHON, PYTHON_TEXT), "c": (C, C_TEXT)}


class KnowsTheFix:
    """Proposes, before other edits, the one that leads to this text, if a window holds it."""

    def __init__(self, fixed, language=PYTHON, others=()):
        self.fixed, self.others = fixed, list(others)
        self.symbols = CodeSymbols(language, language.words)
        self.asked = 0

    def candidates(self, windows):
        """See `Fixer`."""
        self.asked += 1
        lexer = self.symbols.language.lexer
        edit = difference(windows[0].code, lexer.read(self.fixed), lexer)
        held = [n for n, window in enumerate(windows) if edit and window.first <= edit.start <= edit.end <= window.last]
        found = [Candidate(edit, -1.0, held[0])] if edit and held else []
        return [*(Candidate(other, -3.0, 0) for other in self.others), *found]
