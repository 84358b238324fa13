"""Report(s) → findings: the rules of the form, of the law and of a careful reviewer, one run a batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from gongkai_etl.check.items import CheckItem, CheckResult
from gongkai_etl.model import Unit

if TYPE_CHECKING:
    from gongkai_etl.check.catalogue import Rule

__all__ = ["CheckItem", "CheckResult", "catalogue_hash", "check", "rules"]


def check(
    items: Sequence[CheckItem],
    roster: Sequence[Unit] = (),
    today: date | None = None,
    data_docs: Path | None = None,
) -> CheckResult:
    """Check a batch in one run. The same items on the same day always give the same result.

    ``roster`` are the units of the county: with it, other units' names are known. ``today`` is for
    dates in the future; default: the day each item came, else the day of the run. ``data_docs``: a folder for Great
    Expectations' own pages on the batch, readable without network.
    """
    from gongkai_etl.check.engine import run

    return run(items, roster, today, data_docs)


def catalogue_hash() -> str:
    """Hash of the rules: results with different hashes were made by different rules."""
    from gongkai_etl.check.catalogue import catalogue_hash

    return catalogue_hash()


def rules() -> dict[str, Rule]:
    """The rules by id."""
    from gongkai_etl.check.catalogue import rules

    return dict(rules())
