"""XML parsed without DTD, entities, network or unlimited depth."""

from __future__ import annotations

from lxml import etree

from gongkai_etl.errors import ReadError

Element = etree._Element
_MOST_TAGS = 2_000_000
"""The document part of a report has some fifty thousand, half of them ends."""


def parse(data: bytes, name: str) -> Element:
    """The root element. Raises ReadError ``READ-UNSAFE`` for a DTD and ``READ-DAMAGED`` for broken XML.

    lxml's own limits (256 levels, 10 MB a text) stay on.
    """
    if b"<!DOCTYPE" in (data.replace(b"\0", b"") if b"\0" in data[:8] else data):
        raise _unsafe(name)
    if data.count(b"<") > _MOST_TAGS:
        raise ReadError(
            "READ-UNSAFE", f"{name}：文件内容的数量异常多，为安全起见没有读取。请向报送单位核实文件来源。"
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if "XML_PARSE_HUGE" in str(error):
            raise ReadError(
                "READ-UNSAFE", f"{name}：文件内容嵌套过深或过大，为安全起见没有读取。请向报送单位核实文件来源。"
            ) from error
        raise ReadError("READ-DAMAGED", f"{name}：文件内容已损坏。请让报送单位重新导出后报送。") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _unsafe(name)
    return root


def local(node: Element) -> str:
    """The element's name without its namespace (strict and transitional office files differ only there)."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(node: Element, name: str) -> str | None:
    """An attribute by its name without namespace."""
    value = node.get(name)
    if value is None:
        end = "}" + name
        value = next((node.get(key) for key in node.keys() if str(key).endswith(end)), None)  # noqa: SIM118 - an element, not a dict
    return None if value is None else str(value)


def child(node: Element | None, *path: str) -> Element | None:
    """The first child with that name, and so on down the path; None where one is missing."""
    for wanted in path:
        if node is None:
            return None
        node = next((item for item in node if local(item) == wanted), None)
    return node


def _unsafe(name: str) -> ReadError:
    return ReadError(
        "READ-UNSAFE", f"{name}：文件中有外部实体声明，为安全起见没有读取。请向报送单位核实文件来源。"
    )
