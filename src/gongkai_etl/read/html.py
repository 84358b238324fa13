"""Web pages of government sites → Document: the report's body, without the page around it."""

from __future__ import annotations

import re
from base64 import b64decode

from gongkai_etl.errors import ReadError
from gongkai_etl.model import Block, Document, Grid, Paragraph
from gongkai_etl.read.encoding import decode
from gongkai_etl.read.html_body import body_of, is_furniture, is_part
from gongkai_etl.read.html_facts import facts_of
from gongkai_etl.read.html_hidden import Hiding
from gongkai_etl.read.html_scripts import pages_in_strings, preformatted
from gongkai_etl.read.html_tree import parse
from gongkai_etl.read.html_walk import Walk
from gongkai_etl.read.pictures import with_pictures
from gongkai_etl.read.tables import RawTable, blocks_of, tidy
from gongkai_etl.read.text import blocks_of_text
from gongkai_etl.read.xml import Element
from gongkai_etl.text import PICTURE, squeeze

READER = "html"

_DATA = re.compile(r"data:image/[\w.+-]+;base64,(.+)", re.DOTALL | re.IGNORECASE)
_DOCUMENT = re.compile(r"\.(?:docx?|xlsx?|pdf|wps|et|ofd|rtf)(?:[?#].*)?$", re.IGNORECASE)


def read(data: bytes, name: str) -> Document:
    """The page's report. Raises ReadError ``READ-UNSAFE`` (size, depth, spans), ``READ-NO-TEXT`` (nothing to read)."""
    if data[:2000].lower().find(b"mime-version:") >= 0:
        from gongkai_etl.read.mhtml import page_of

        data = page_of(data, name)
    text, charset = decode(data)
    return read_text(text, name, charset)


def read_text(text: str, name: str, charset: str = "utf-8") -> Document:
    """The same for markup that is already text."""
    walk, root, parts = _fullest(text, name)
    facts = {**facts_of(root), "charset": charset}
    plain = None if _has_table(walk) else preformatted(root)
    if plain is not None:
        lines = [block for block in blocks_of_text(plain, name) if not _is_noise(block)]
        return Document("text", (*_title(lines, facts.get("article_title", "")), *lines), metadata=facts)
    blocks = [block for block in blocks_of(walk.flow, READER) if not _is_noise(block)]
    if not any(isinstance(block, Grid) or not block.text.startswith(PICTURE) for block in blocks):
        raise ReadError(
            "READ-NO-TEXT", f"{name}：网页里没有可读的文字，报告可能在附件里。请打开网页下载附件后报送。"
        )
    title = _title(blocks, facts.get("article_title", ""))
    document = Document("html", (*title, *blocks), metadata=facts, notes=() if parts else _attachments(root))
    return with_pictures(document, lambda number: _inside(walk.pictures[number]), name)


def _inside(picture: Element) -> bytes | None:
    """A picture whose bytes stand in the page itself."""
    match = _DATA.match(picture.get("src", ""))
    try:
        return b64decode(match[1]) if match else None
    except ValueError:
        return None


def _attachments(root: Element) -> tuple[str, ...]:
    """For a page without a report: which documents it links to."""
    links = {
        tidy("".join(str(piece) for piece in node.itertext())) or tidy(node.get("title", ""))
        for node in root.iter("a")
        if _DOCUMENT.search(node.get("href", ""))
    }
    if not links:
        return ()
    return (f"网页正文里没有报告的内容，报告可能在附件里，请下载后报送：{'、'.join(sorted(links))}。",)


def _fullest(text: str, name: str) -> tuple[Walk, Element, int]:
    """The body with most parts of a report, of the page itself, else of what it hides or keeps in scripts;
    the tree of the page, and the number of those parts."""
    root = parse(text, name)
    walk, parts = _body(root, Hiding(root))
    if _has_table(walk):
        return walk, root, parts
    for other in pages_in_strings(root, text):
        inner = parse(other, name)
        found, count = _body(inner, Hiding(inner))
        if count > parts:
            walk, parts = found, count
    drawn = not _has_table(walk) and is_part("".join("".join(map(str, root.itertext())).split()), table=True)
    for hiding in (Hiding(root), None):
        if _has_table(walk):
            break
        found, count = _body(root, hiding, drawn=drawn)
        if count > parts or (_has_table(found) and count == parts):
            walk, parts = found, count
    return walk, root, parts


def _has_table(walk: Walk) -> bool:
    return any(isinstance(item, RawTable) for item in walk.flow)


def _body(root: Element, hiding: Hiding | None, *, drawn: bool = False) -> tuple[Walk, int]:
    """The walk over the report's element, and how many parts of a report the whole page shows."""
    whole = Walk(hiding, drawn=drawn)
    whole.enter(root)
    place = body_of(root, whole.parts)
    inner = Walk(hiding, keep=whole.parts, drawn=drawn)
    inner.enter(place)
    return inner, len(whole.parts)


def _is_noise(block: Block) -> bool:
    return isinstance(block, Paragraph) and is_furniture(block.text)


def _title(blocks: list[Block], title: str) -> tuple[Paragraph, ...]:
    """The article's title, where it stands outside the body."""
    start = squeeze("".join(block.text for block in blocks[:6] if isinstance(block, Paragraph)))
    if not title or squeeze(title) in start:
        return ()
    return (Paragraph(title, heading=True),)
