"""Data Docs of a batch, as an option: Great Expectations' own pages, made to be read offline and in Chinese.

As the library writes them, the pages load styles and scripts from other servers and are bare without
them. Here those are taken out, a style of our own is put in, the fixed words are said in Chinese, and
the front page is a plain list: the folder can be copied anywhere and opened without network.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from gongkai_etl.check.catalogue import load
from gongkai_etl.check.page import template

_SITE = "site"
_LOADING = "//script|//style|//link|//footer|//nav//img|//*[contains(@class,'cta')]|//button|//label|//input"


class DataDocs:
    """One folder of pages: validate through it, then :meth:`write`."""

    def __init__(self, context: Any, folder: Path) -> None:
        self.context, self._folder = context, folder.resolve()
        for name in list(context.list_data_docs_sites()):
            context.delete_data_docs_site(name)
        context.add_data_docs_site(
            site_name=_SITE,
            site_config={
                "class_name": "SiteBuilder",
                "show_how_to_buttons": False,
                "store_backend": {
                    "class_name": "TupleFilesystemStoreBackend",
                    "base_directory": str(self._folder),
                },
            },
        )

    def validate(self, definition: Any, suite: Any, frame: Any, result_format: dict[str, Any]) -> Any:
        """Validate a frame so that the result has its page. Gives the library's result."""
        import great_expectations as gx

        for expectation in suite.expectations:
            rule = (expectation.meta or {}).get("rule")
            expectation.description = f"{rule}　{expectation.description}" if rule else expectation.description
        kept = self.context.suites.add(suite)
        named = gx.ValidationDefinition(name=kept.name, data=definition, suite=kept)
        validation = self.context.validation_definitions.add(named)
        return validation.run(batch_parameters={"dataframe": frame}, result_format=result_format)

    def write(self, names: Sequence[str], made_on: str) -> Path:
        """Write the pages; ``names`` are the reports in their order. Gives the front page."""
        self.context.build_data_docs(site_names=[_SITE])
        shutil.rmtree(self._folder / "static", ignore_errors=True)
        for path in self._pages():
            path.write_text(offline(path.read_text("utf-8")), encoding="utf-8")
        index = self._folder / "index.html"
        links = [
            (path.relative_to(self._folder).as_posix(), path.relative_to(self._folder).parts[0], self._suite(path))
            for path in self._pages()
        ]
        index.write_text(
            template("datadocs.html").render(links=links, names=names, made_on=made_on), encoding="utf-8"
        )
        return index

    def _pages(self) -> Iterator[Path]:
        yield from (path for path in sorted(self._folder.rglob("*.html")) if path.parent != self._folder)

    def _suite(self, path: Path) -> str:
        name = path.stem.split("-")[0]
        words: dict[str, str] = load("data", "datadocs.yaml")["suites"]
        return words.get(name, name)


def offline(text: str) -> str:
    """A page without anything that is loaded from elsewhere, with our style and Chinese words."""
    from lxml import html

    page: Any = html.document_fromstring(text)
    for node in page.xpath(_LOADING):
        node.drop_tree()
    words: dict[str, str] = load("data", "datadocs.yaml")["words"]
    for node in page.iter():
        node.text, node.tail = _said(node.text, words), _said(node.tail, words)
    style = html.Element("style")
    style.text = template("datadocs.css").render()
    page.head.append(style)
    page.set("lang", "zh-CN")
    written: str = html.tostring(page, encoding="unicode", doctype="<!DOCTYPE html>")
    return written


def _said(text: str | None, words: dict[str, str]) -> str | None:
    """The Chinese for a fixed phrase, with the white space around it; anything else as it is."""
    bare = " ".join(text.split()) if text else ""
    if bare in words:
        return f" {words[bare]} "
    for pattern, chinese in load("data", "datadocs.yaml")["sentences"].items():
        if match := re.fullmatch(pattern, bare):
            return str(match.expand(chinese))
    return text
