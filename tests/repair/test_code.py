import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspool.repair.code import Kind
from unspool.repair.languages import PYTHON, C

LANGUAGES = pytest.mark.parametrize("language", [PYTHON, C], ids=lambda one: one.name)
PIECES = st.lists(
    st.sampled_from([*"x ;é()#\n\t\\\"'", "if", '"""', "/*", "*/", "//", "1.5e3", "\r\n", "::"])
)  # fmt: skip


@LANGUAGES
@given(pieces=PIECES)
def test_a_lexer_never_fails_and_loses_nothing(language, pieces):
    text = "".join(pieces)
    code = language.lexer.read(text)
    end = 0
    for token in code.tokens:
        assert end <= token.start <= token.end
        if token.kind == Kind.LINE:
            assert token.text == "\n" + text[token.start : token.end]
        else:
            assert token.text == text[token.start : token.end]
        end = token.end
    assert "".join(token.text for token in code.tokens if token.kind != Kind.LINE).split() == [] or code.lines


@LANGUAGES
@given(text=st.text(max_size=60))
def test_any_text_is_code(language, text):
    code = language.lexer.read(text)
    assert all(code.between(n, n + 1) is not None for n in range(-1, len(code.tokens)))


def test_strings_comments_and_open_quotes_of_python():
    code = PYTHON.lexer.read("x = f'a#b' + '''p\nq'''  # it's\nprint(\"open)\n")
    assert [t.text for t in code.tokens if t.kind == Kind.STRING] == ["f'a#b'", "'''p\nq'''"]
    assert code.texts[-5:] == ["print", "(", '"', "open", ")"]


def test_strings_comments_and_headers_of_c():
    code = C.lexer.read('#include <stdio.h>\n/* a\n\'b */ char c = \'x\'; // "\nputs("a\\"b");')
    assert [t.text for t in code.tokens if t.kind == Kind.STRING] == ["<stdio.h>", "'x'", '"a\\"b"']


@pytest.mark.parametrize("piece", ['"""\\', "'''\\", "/* ", "'\\", '"\\', "(", "\\", "\n "])
@LANGUAGES
def test_a_hostile_text_is_read_in_a_moment(language, piece):
    text = piece * 20_000
    assert language.lexer.read(text).text is text


def test_places_are_found_by_line_and_column():
    code = PYTHON.lexer.read("if x:\n    y = 1\n\nz\n")
    assert code.tokens[code.token_at(code.offset(2, 7))].text == "="
    assert code.row_of(code.token_at(code.offset(4, 1))) == 2
    assert code.offset(99, 99) == len(code.text)
