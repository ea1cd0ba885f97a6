"""Access to defusedxml: XML of a person's files without entities, which could fill memory or read other files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unspool.errors import MissingExtra, Mistake

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

DAMAGED = "Is it complete, and of that format? Copy it again."


def parse(content: bytes, place: str) -> Element:
    """The root of a document. Latin-1 where UTF-8 is declared, as in some old collections, is read as Latin-1."""
    try:
        from defusedxml import ElementTree
        from defusedxml.common import DefusedXmlException
    except ImportError:
        raise MissingExtra(f"Reading {place}", "ink") from None
    try:
        root: Element = ElementTree.fromstring(_as_utf8(content))
    except DefusedXmlException:
        what = f"{place} declares entities, which are not read, since they can fill memory."
        raise Mistake(what, "Remove them: <!ENTITY …>") from None
    except ElementTree.ParseError as error:
        line, _ = error.position
        raise Mistake(f"{place}, line {line}: not well-formed XML ({str(error).partition(':')[0]}).", DAMAGED) from None
    except (LookupError, ValueError, RecursionError) as error:
        raise Mistake(f"{place} is not XML that can be read: {str(error)[:100]}.", DAMAGED) from None
    return root


def local_name(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _as_utf8(content: bytes) -> bytes:
    beginning = content[:200].lower()
    if beginning[:2] in (b"\xff\xfe", b"\xfe\xff") or (b"encoding" in beginning and b"utf-8" not in beginning):
        return content
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1").encode("utf-8")
    return content
