"""One release of one county and year, built into a folder: always the same bytes from the same inputs.

``build`` makes what the public may see; ``build_office`` makes the papers for the office and its units.
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from gongkai_etl.model import to_json
from gongkai_etl.publish import package, pdf
from gongkai_etl.publish.archive import sha256, write
from gongkai_etl.publish.bridge import Bridge, build_bridge, require_explained
from gongkai_etl.publish.changes import changes
from gongkai_etl.publish.county_report import county_report
from gongkai_etl.publish.dataset import resources, to_csv, to_parquet, to_xlsx
from gongkai_etl.publish.facts import Facts, Row
from gongkai_etl.publish.inputs import CountyYear, RuleText
from gongkai_etl.publish.ledger import ledger
from gongkai_etl.publish.notice import notices
from gongkai_etl.publish.options import Options
from gongkai_etl.publish.privacy import for_public
from gongkai_etl.publish.site import build_site
from gongkai_etl.publish.tables import rows_of
from gongkai_etl.publish.workbook import workbook

FORMAT = 2
"""Raised whenever the same inputs would give other files: a published release never changes its bytes."""

_TYPES = {
    ".md": "text/markdown; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class ReleasedFile:
    """One file of a release; ``path`` is relative to its folder, with forward slashes."""

    path: str
    sha256: str
    size: int
    content_type: str


@dataclass(frozen=True, slots=True)
class ReleaseFiles:
    """A built release. ``id`` is the name of its folder in the public bucket: ``{year}/{id}/…``."""

    id: str
    year: int
    root: Path
    files: tuple[ReleasedFile, ...]
    bridge: Bridge
    changes: tuple[Row, ...]


def release_id(county_year: CountyYear, options: Options | None = None) -> str:
    """``2025-0123456789ab``: made of the inputs alone, without the release before and without images.

    Whoever publishes can ask for it first, and build nothing when that release is already there.
    """
    facts = [FORMAT, _bare(county_year), options or Options()]
    return f"{county_year.year}-{sha256(to_json(facts))[:12]}"


def _bare(county_year: CountyYear) -> CountyYear:
    return replace(
        county_year,
        units=tuple(replace(unit, evidence={}, images=(), grids=()) for unit in county_year.units),
        own=replace(county_year.own, evidence={}, images=(), grids=()) if county_year.own else None,
        previous=_bare(county_year.previous) if county_year.previous else None,
        released=None,
    )


def build(
    county_year: CountyYear, out: Path, options: Options | None = None, name: str | None = None
) -> ReleaseFiles:
    """Write the public files of a release below ``out`` (which should be empty) and say what they are.

    ``name`` is the release's, :func:`release_id` unless the caller counts releases himself. Raises
    PublishError PUBLISH-UNEXPLAINED while a line of the county is unexplained and not approved.
    """
    options = options or Options()
    name = name or release_id(county_year, options)
    county_year = for_public(county_year, options.personal)
    bridge = build_bridge(county_year)
    require_explained(bridge)
    facts = Facts(county_year, bridge, changes(county_year))
    _write_dataset(facts, name, out, options)
    write(out, f"documents/summary-{county_year.year}.xlsx", workbook(facts))
    _write_site(facts, name, out)
    write(out, "CHANGES.md", package.change_list(county_year, name, facts.changes))
    write(out, "release.json", _card(facts, name))
    hashes = {path: sha256((out / path).read_bytes()) for path in _paths(out)}
    write(out, "SHA256SUMS", package.checksums(hashes))
    return ReleaseFiles(name, county_year.year, out, _listed(out), bridge, facts.changes)


def build_office(
    county_year: CountyYear,
    out: Path,
    options: Options | None = None,
    rules: Mapping[str, RuleText] | None = None,
) -> tuple[ReleasedFile, ...]:
    """Write the papers for the office and its units below ``out``: never for the public bucket.

    The county report as a draft, the ledger, and a notice for every unit with an open error
    (``notices/{unit code}.docx``). ``rules`` are the texts of the rule catalogue by rule id. Nothing
    is refused here: these papers are what an office needs to explain a line.
    """
    options = options or Options()
    facts = Facts(county_year, build_bridge(county_year))
    write(out, f"county-report-{county_year.year}.docx", county_report(facts))
    write(out, f"ledger-{county_year.year}.xlsx", ledger(county_year))
    for code, data in notices(county_year, rules, options).items():
        write(out, f"notices/{code}.docx", data)
    if options.pdf and pdf.available():
        pdf.convert(sorted(out.rglob("*.docx")), facts.moment)
    return _listed(out)


def _write_dataset(facts: Facts, name: str, out: Path, options: Options) -> None:
    county_year = facts.county_year
    tables = rows_of(facts)
    documents = {key: to_csv(resources()[key], rows, bom=options.csv_bom) for key, rows in tables.items()}
    for key, rows in tables.items():
        write(out, f"data/{key}.csv", documents[key])
        write(out, f"data/{key}.parquet", to_parquet(resources()[key], rows))
    write(out, f"data/gongkai-{county_year.year}.xlsx", to_xlsx(tables, facts.moment))
    write(out, "datapackage.json", package.datapackage(county_year, name, documents, options))
    write(out, "DICTIONARY.md", package.dictionary())


def _write_site(facts: Facts, name: str, out: Path) -> None:
    year = facts.county_year.year
    offered = {
        f"documents/summary-{year}.xlsx": "汇总表（XLSX，含公式和问题清单）",
        f"data/gongkai-{year}.xlsx": "开放数据（XLSX）",
        "data/cells.csv": "各单位数据（CSV）",
        "data/cells.parquet": "各单位数据（Parquet）",
        "data/county_totals.csv": "全县汇总（CSV）",
        "data/findings.csv": "核对问题（CSV）",
        "datapackage.json": "数据包说明（Frictionless）",
        "DICTIONARY.md": "数据字典",
    }
    downloads = [(path, words, (out / path).stat().st_size) for path, words in offered.items()]
    for path, data in build_site(facts, name, downloads).items():
        write(out, path, data)


def _card(facts: Facts, name: str) -> bytes:
    """release.json: what a machine asks first."""
    county_year = facts.county_year
    card = {
        "release": name,
        "county": county_year.county.name,
        "year": county_year.year,
        "as_of": county_year.day.isoformat(),
        "edition": facts.bridge.roll_up.edition,
        "units_expected": len(county_year.all),
        "units_reported": sum(unit.report is not None for unit in county_year.all),
        "previous_release": county_year.released.release if county_year.released else None,
        "figures_changed": len(facts.changes),
        "approvals": [approval.reason for approval in county_year.approvals],
    }
    return (json.dumps(card, ensure_ascii=False, indent=2) + "\n").encode()


def _paths(out: Path) -> list[str]:
    return sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())


def _listed(out: Path) -> tuple[ReleasedFile, ...]:
    files = []
    for path in _paths(out):
        data = (out / path).read_bytes()
        files.append(ReleasedFile(path, sha256(data), len(data), content_type(path)))
    return tuple(files)


def content_type(path: str) -> str:
    """The media type of a published file, by its ending."""
    known = _TYPES.get(Path(path).suffix)
    return known or mimetypes.guess_type(path)[0] or "application/octet-stream"
