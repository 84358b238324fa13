"""Hostile web pages, texts and mails."""

from __future__ import annotations

from collections.abc import Callable

ROW = "<tr>" + "<td colspan=1000 rowspan=65534>0</td>" * 20 + "</tr>"


def page(body: str) -> bytes:
    """A page with this body."""
    return f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>'.encode()


FILES: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "deep.html": (lambda: page("<div>" * 100_000 + "第二十条"), {"READ-UNSAFE"}),
    "deep-tables.html": (lambda: page("<table><tr><td>" * 20_000), {"READ-UNSAFE"}),
    "colspan.html": (lambda: page(f"<table>{ROW * 2_000}</table>"), {"READ-UNSAFE"}),
    "tables.html": (
        lambda: page("<table><tr><td>规章</td><td>0</td></tr></table>" * 30_000),
        {"READ-UNSAFE"},
    ),
    "tags.html": (lambda: page("<br>" * 1_000_000), {"READ-UNSAFE"}),
    "attributes.html": (
        lambda: page("<p " + " ".join(f"a{k}=1" for k in range(200_000)) + ">"),
        {"READ-UNSAFE"},
    ),
    "large.html": (lambda: page("<p>字</p>" * 3_000_000), {"READ-UNSAFE"}),
    "nothing.html": (lambda: page("<script>var a=1</script>"), {"READ-NO-TEXT"}),
    "quotes.html": (lambda: page("<script>" + '\\"' * 2_000_000 + "</script>"), {"READ-NO-TEXT"}),
    "metas.html": (lambda: b"<html><!--\xff\xfe\xfd-->" + b"<meta " * 500_000, {"READ-UNSAFE"}),
    "declarations.html": (lambda: b"<html>" + b"<![if " * 500_000, {"READ-NO-TEXT", "READ-UNSAFE"}),
    "nested.mht": (
        lambda: (
            b"MIME-Version: 1.0\n"
            + b"".join(b"Content-Type: multipart/related; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5_000))
        ),
        {"READ-UNSAFE"},
    ),
    "no-page.mht": (
        lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b--\n",
        {"READ-DAMAGED"},
    ),
    "lines.txt": (lambda: b"a\n" * 300_000, {"READ-UNSAFE"}),
    "cells.txt": (lambda: ("规章\t0\t0\t0\t0\t0\t0\n" * 19_000).encode(), {"READ-UNSAFE"}),
    "long-line.txt": (lambda: b"1" * 50_000_000, {"READ-UNSAFE"}),
    "spaces.txt": (lambda: b" " * 50_000_000, {"READ-EMPTY"}),
    "zeros.txt": (lambda: b"\0" * 1_000_000, {"READ-EMPTY"}),
    "empty.pdf": (lambda: b"", {"READ-EMPTY"}),
    "laughs.xml": (
        lambda: b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><w:wordDocument>&a;</w:wordDocument>',
        {"READ-OFFICE-MISSING", "READ-OFFICE-FAILED", "READ-NO-TEXT", "READ-TIMEOUT", "READ-UNSAFE"},
    ),
}
