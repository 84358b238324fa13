"""The open dataset: one content in three formats, described, checked, without personal data, reproducible."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
from openpyxl import load_workbook

from gongkai_etl.publish.dataset import resources
from gongkai_etl.publish.inputs import CountyYear
from gongkai_etl.publish.options import Options
from gongkai_etl.publish.package import dictionary
from gongkai_etl.publish.release import ReleaseFiles, build, release_id
from gongkai_etl.publish.words import numeral
from tests.publish.county import county_year, with_picture


def rows(released: ReleaseFiles, name: str) -> list[dict[str, str]]:
    text = (released.root / f"data/{name}.csv").read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def test_frictionless_finds_nothing_wrong(released: ReleaseFiles) -> None:
    from frictionless import Package, system

    with system.use_context(trusted=True):
        outcome = Package(str(released.root / "datapackage.json")).validate()
    assert outcome.valid, outcome.flatten(["rowNumber", "fieldNumber", "type", "message"])
    assert outcome.stats["tasks"] == len(resources())


def test_frictionless_would_find_a_broken_row(released: ReleaseFiles, tmp_path: Path) -> None:
    import shutil

    from frictionless import Package, system

    broken = tmp_path / "broken"
    shutil.copytree(released.root, broken)
    path = broken / "data/progress.csv"
    path.write_text(path.read_text("utf-8").replace("650001", "999999"), "utf-8", newline="")
    with system.use_context(trusted=True):
        outcome = Package(str(broken / "datapackage.json")).validate()
    assert not outcome.valid


def test_missing_figures_are_empty_and_never_zero(released: ReleaseFiles) -> None:
    blank = next(
        row
        for row in rows(released, "cells")
        if (row["year"], row["unit_code"], row["cell_key"]) == ("2025", "650002", "t3.closed_other.business")
    )
    assert (blank["value"], blank["state"]) == ("", "blank")
    assert not [row for row in rows(released, "cells") if row["unit_code"] == "650004"]
    chain = next(row for row in rows(released, "year_chain") if row["unit_code"] == "650004")
    assert chain["received"] == ""


def test_three_formats_say_the_same(released: ReleaseFiles) -> None:
    book = load_workbook(released.root / "data/gongkai-2025.xlsx", read_only=True)
    for name, resource in resources().items():
        written = rows(released, name)
        table = pq.read_table(released.root / f"data/{name}.parquet").to_pylist()
        sheet = list(book[resource.title].iter_rows(min_row=2, values_only=True))
        assert len(table) == len(written) == len(sheet), name
        numbers = [field.name for field in resource.fields if field.type == "number"]
        for line, typed in zip(written, table, strict=True):
            for field in numbers:
                assert (Decimal(line[field]) if line[field] else None) == typed[field], (name, line)


def test_checksums_cover_every_file(released: ReleaseFiles) -> None:
    lines = (released.root / "SHA256SUMS").read_text().splitlines()
    listed = {path: digest for digest, path in (line.split("  ", 1) for line in lines)}
    files = {path.relative_to(released.root).as_posix() for path in released.root.rglob("*") if path.is_file()}
    assert set(listed) == files - {"SHA256SUMS"}
    for name, digest in listed.items():
        assert hashlib.sha256((released.root / name).read_bytes()).hexdigest() == digest
    package = json.loads((released.root / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        data = (released.root / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert resource["bytes"] == len(data)


def test_no_personal_data_in_any_text(released: ReleaseFiles) -> None:
    for path in released.root.rglob("*"):
        if path.suffix in {".csv", ".html", ".md", ".json"}:
            text = path.read_text("utf-8")
            assert "王某某" not in text, path
            assert "7654321" not in text, path


def test_two_builds_are_the_same_bytes(county: CountyYear, released: ReleaseFiles, tmp_path: Path) -> None:
    again = build(county_year(), tmp_path)
    assert again.id == released.id
    assert again.files == released.files


def test_the_release_has_another_name_when_a_figure_differs(county: CountyYear) -> None:
    first = county.units[0]
    assert first.report is not None
    cells = dict(first.report.cells)
    cells["t2.licences.decisions"] = replace(cells["t2.licences.decisions"], value=1, raw="1")
    other = replace(first, report=replace(first.report, cells=cells))
    assert release_id(replace(county, units=(other, *county.units[1:]))) != release_id(county)
    assert release_id(county, Options(csv_bom=True)) != release_id(county)
    pictured = replace(county, units=(with_picture(first), *county.units[1:]))
    assert release_id(pictured) == release_id(county)


def test_csv_with_byte_order_mark_on_request(county: CountyYear, tmp_path: Path) -> None:
    build(county, tmp_path, Options(csv_bom=True))
    assert (tmp_path / "data/cells.csv").read_bytes().startswith(b"\xef\xbb\xbfyear,")


def test_dictionary_names_every_field(released: ReleaseFiles) -> None:
    text = (released.root / "DICTIONARY.md").read_text("utf-8")
    for resource in resources().values():
        for field in resource.fields:
            assert f"| `{field.name}` | {field.title} |" in text


def test_numerals() -> None:
    assert [numeral(number) for number in (1, 9, 10, 11, 20, 23)] == ["一", "九", "十", "十一", "二十", "二十三"]


def test_the_documentation_holds_the_dictionary_of_the_code() -> None:
    page = (Path(__file__).parents[2] / "docs/dataset.md").read_text("utf-8")
    want = dictionary().decode().replace("\n## ", "\n### ").replace("# 数据字典", "## 数据字典", 1)
    assert page.endswith(want), (
        "write the end of docs/dataset.md anew from gongkai_etl.publish.package.dictionary()"
    )
