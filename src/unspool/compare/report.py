"""The report of a comparison: a page in two languages, and its tables as Markdown and LaTeX."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from unspool.compare import sentences
from unspool.compare.result_tables import Findings, difference_table, length_table, main_table
from unspool.compare.sections import curves, examples, failures, heading, lengths
from unspool.compare.words import Words
from unspool.report.bilingual_page import LANGUAGES, write_bilingual_page
from unspool.report.tables import shown
from unspool.storage.atomic import replace


def write_report(path: Path, findings: Findings) -> None:
    """The page in all languages."""
    words = {language: Words(language) for language in LANGUAGES}
    titles = {language: _title(findings, each) for language, each in words.items()}
    write_bilingual_page(path, titles, {language: _body(findings, each) for language, each in words.items()})


def write_markdown(path: Path, findings: Findings) -> None:
    """The answer and all tables, in English."""
    words = Words("en")
    tables = [main_table(findings, words), difference_table(findings, words), *length_table(findings, words)]
    parts = [f"# {_title(findings, words)}\n", *(f"{text}\n" for text in _opening(findings, words))]
    replace(path, "\n".join([*parts, *(table.to_markdown() for table in tables)]).encode())


def write_latex(path: Path, findings: Findings) -> None:
    """The main table and the tests, in English."""
    words = Words("en")
    tables = [main_table(findings, words), difference_table(findings, words)]
    note = "% \\usepackage{booktabs}\n"
    replace(path, (note + "\n".join(table.to_latex() for table in tables)).encode())


def _title(findings: Findings, words: Words) -> str:
    paths = findings.comparison.files.paths()
    return words("title", models=", ".join(findings.comparison.models), data=", ".join(path.name for path in paths[:2]))


def _opening(findings: Findings, words: Words) -> list[str]:
    """The answer in the first sentence, then what else is said before the tables."""
    comparison, data = findings.comparison, findings.data
    return [
        sentences.answer(findings.analysis, comparison.minutes, words),
        *sentences.choice(findings.analysis, words),
        words(
            "setup", minutes=f"{comparison.minutes:g}", seeds=comparison.seeds, pairs=f"{len(data.prepared.corpus):,}",
            validated=f"{data.validated:,}", tested=f"{len(data.test):,}",
        ),
        *sentences.time_kept(findings.analysis, comparison.minutes, words),
    ]  # fmt: skip


def _body(findings: Findings, words: Words) -> str:
    answer, *others = _opening(findings, words)
    parts = [f'<p class="answer"><strong>{shown(answer)}</strong></p>', *(f"<p>{shown(text)}</p>" for text in others)]
    parts += [heading(words("table_heading")), main_table(findings, words).to_html(), *failures(findings, words)]
    parts += [*lengths(findings, words), *curves(findings, words)]
    if findings.analysis.differences:
        parts += [heading(words("differences")), difference_table(findings, words).to_html()]
    parts += [*examples(findings, words), heading(words("command"))]
    parts.append(f'<div class="wide" tabindex="0"><code>{shown(findings.command)}</code></div>')
    return "\n".join(parts)


def command_line(words: Sequence[str]) -> str:
    """The command as a person would type it again."""
    return shlex.join(["unspool", *words])
