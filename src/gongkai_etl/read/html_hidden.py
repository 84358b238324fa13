"""Which elements a page hides: by their own style, by attributes, and by the rules of its style sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai_etl.read.xml import Element

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|opacity\s*:\s*0*\.?0+\s*(?:[;!]|$)",
    re.IGNORECASE,
)
_TINY = re.compile(
    r"font-size\s*:\s*0*\.?0+(?:px|pt|r?em|%)?\s*(?:[;!]|$)|text-indent\s*:\s*-\d{3,}|left\s*:\s*-\d{4,}|color\s*:\s*transparent",
    re.IGNORECASE,
)
"""Hides text of its own only: elements inside are often given their size again."""
_NOTES = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_RULE = re.compile(r"(?P<names>[^{}@;]{1,2000})\{(?P<body>[^{}]{0,2000})\}")
_SIMPLE = re.compile(r"(?P<tag>[a-z][a-z0-9]*)?(?P<kind>[.#])(?P<name>[\w\u00b7-\uffff-]+)", re.IGNORECASE)
_MAX_SHEET = 500_000


class Hiding:
    """What a page hides; asked for each element with attributes."""

    def __init__(self, root: Element) -> None:
        self._names: dict[tuple[str, str], str] = {}
        for sheet in root.iter("style"):
            for names, body in _rules("".join(str(text) for text in sheet.itertext())):
                found = _HIDDEN.search(body) or _TINY.search(body)
                for match in filter(None, (_SIMPLE.fullmatch(name.strip()) for name in names.split(","))):
                    if found:
                        self._names[match["kind"], match["name"]] = body

    def hides(self, node: Element) -> bool:
        """Whether nobody sees the element's text."""
        if "hidden" in node.attrib or node.get("aria-hidden") == "true":
            return True
        styles = [node.get("style") or "", *self._by_sheet(node)]
        return any(_HIDDEN.search(style) or (not len(node) and _TINY.search(style)) for style in styles)

    def _by_sheet(self, node: Element) -> Iterator[str]:
        if self._names:
            names = [(".", name) for name in node.get("class", "").split()]
            yield from (self._names[name] for name in (*names, ("#", node.get("id", ""))) if name in self._names)


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations that hold on a screen; rules inside @media and the like are passed over."""
    text = _NOTES.sub("", sheet[:_MAX_SHEET])
    depth = at = 0
    plain: list[str] = []
    for match in re.finditer(r"@[\w-]+[^{};]*\{|[{}]", text):
        if depth == 0 and match[0][0] == "@":
            plain.append(text[at : match.start()])
            depth = 1
        elif depth:
            depth += 1 if match[0].endswith("{") else -1
            at = match.end()
    if not depth:
        plain.append(text[at:])
    for match in _RULE.finditer("".join(plain)):
        yield match["names"], match["body"]
