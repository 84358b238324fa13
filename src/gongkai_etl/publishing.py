"""The stores and the publishing room joined: what a release is made of, loaded, and a release carried through.

Used by the DAG ``gongkai_publish`` and by the command line. Each step can be run again: the same
figures give the same release, and a second run changes no row and no published byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gongkai_etl.errors import PublishError
from gongkai_etl.personal import ALLOWABLE
from gongkai_etl.publish import release as building
from gongkai_etl.publish import shelf
from gongkai_etl.publish.bridge import Bridge, build_bridge, require_explained
from gongkai_etl.publish.inputs import Approval, RuleText
from gongkai_etl.publish.options import Options
from gongkai_etl.release_inputs import load_county_year, pictured, with_pictures
from gongkai_etl.settings import settings
from gongkai_etl.store.objects import ObjectStore
from gongkai_etl.store.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Published:
    """What a run has done. ``written`` is 0 and ``new`` False when everything stood already."""

    release: str
    year: int
    new: bool
    written: int
    files: int
    bridge: Bridge


def unit_notice(warehouse: Warehouse, objects: ObjectStore, year: int, code: str) -> bytes | None:
    """The notice to one unit as DOCX, about what is open now; None when it has no open error.

    Raises PublishError when the year was never opened for collecting.
    """
    from gongkai_etl.publish.notice import notice

    county_year = load_county_year(warehouse, objects, year, years=1)
    found = next((unit for unit in county_year.all if unit.unit.code == code), None)
    if found is None or not found.errors:
        return None
    return notice(county_year, with_pictures(warehouse, objects, found), rule_texts(), chosen_options())


def publish_year(
    warehouse: Warehouse,
    objects: ObjectStore,
    year: int,
    out: Path,
    *,
    approved_by: str,
    reason: str | None = None,
    options: Options | None = None,
) -> Published:
    """Approve, build, upload and switch ``latest``, in this order; each is skipped where it is done already.

    ``reason`` is printed where a line is not explained. Raises PublishError PUBLISH-UNEXPLAINED when
    there is such a line and no reason, before anything is written.
    """
    approvals = [Approval(reason)] if reason and reason.strip() else []
    public = objects.public
    county_year = load_county_year(warehouse, objects, year, approvals=approvals)
    bridge = build_bridge(county_year)
    require_explained(bridge)
    approved, new = warehouse.approve_release(year, approved_by, reason)
    if not new and shelf.latest(public, year) == approved.name:
        return Published(approved.name, year, False, 0, 0, bridge)
    # Pictures are made for a release that is built, not for the question whether one is needed.
    built = building.build(
        pictured(warehouse, objects, county_year), out, options or chosen_options(), approved.name
    )
    written = shelf.upload(public, built)
    warehouse.save_release_files(approved.id, [(entry.path, entry.size, entry.sha256) for entry in built.files])
    shelf.switch_latest(public, year, approved.name)
    return Published(approved.name, year, new, written, len(built.files), bridge)


def office_papers(
    warehouse: Warehouse,
    objects: ObjectStore,
    year: int,
    out: Path,
    *,
    rules: Mapping[str, RuleText] | None = None,
    options: Options | None = None,
) -> tuple[building.ReleasedFile, ...]:
    """The county report as a draft, the ledger and the notices of a year, below ``out``. Nothing is published."""
    county_year = load_county_year(warehouse, objects, year, pictures=True)
    return building.build_office(county_year, out, options or chosen_options(), rules or rule_texts())


def retract(warehouse: Warehouse, objects: ObjectStore, year: int, name: str, reason: str) -> str | None:
    """Take a release back in the warehouse and for the public; the release that is in force afterwards.

    Raises PublishError without a reason, StoreError when there is no such approved release.
    """
    if not reason.strip():
        raise PublishError("PUBLISH-NO-REASON", "撤回发布必须写明理由。")
    warehouse.retract_release(name, reason)
    before = warehouse.release_in_force(year)
    back_to = before.name if before and objects.public.exists(f"{year}/{before.name}/SHA256SUMS") else None
    shelf.retract(objects.public, year, name, reason, back_to)
    return back_to


def rule_texts() -> dict[str, RuleText]:
    """The texts of the rule catalogue that notices print."""
    from gongkai_etl.check.catalogue import rules

    return {name: RuleText(rule.title, rule.why, rule.explanation, rule.correct) for name, rule in rules().items()}


def chosen_options() -> Options:
    """How releases look, from the settings."""
    chosen = settings()
    return Options(
        publisher=chosen.publish_publisher,
        licence=chosen.publish_licence,
        licence_url=chosen.publish_licence_url,
        licence_title=chosen.publish_licence_title,
        csv_bom=chosen.publish_csv_bom,
        correction_days=chosen.notice_days,
        personal=_allowed(chosen.publish_personal),
        pdf=chosen.publish_pdf,
    )


def _allowed(words: str) -> tuple[str, ...]:
    """The kinds of personal data that the settings let out. Raises PublishError for an unknown one."""
    kinds = tuple(dict.fromkeys(word.strip() for word in words.replace("，", ",").split(",") if word.strip()))
    if unknown := [kind for kind in kinds if kind not in ALLOWABLE]:
        raise PublishError(
            "PUBLISH-PERSONAL",
            f"GONGKAI_PUBLISH_PERSONAL 中的“{unknown[0]}”不认识，只能写 {'、'.join(ALLOWABLE)}。",
        )
    return kinds
