"""A reviewer's word on a finding: bound to the rule and the values on both sides, it falls when one changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from gongkai_etl.model import Finding

Decision = Literal["confirm", "waive"]
DECISIONS: dict[Decision, str] = {"confirm": "确认", "waive": "豁免"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """``confirm``: it is a fault. ``waive``: it is known and may stand, for the reason given."""

    rule: str
    binding: str
    decision: Decision
    reviewer: str
    reason: str
    expires_on: date | None = None

    def covers(self, finding: Finding, on: date) -> bool:
        """Whether this is the word on that finding, with the values it had, and still in force."""
        in_force = self.expires_on is None or on <= self.expires_on
        return in_force and self.rule == finding.rule and self.binding == binding(finding)


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding and the word that stands on it."""

    finding: Finding
    verdict: Verdict | None = None

    @property
    def open(self) -> bool:
        """Whether it still has to be dealt with."""
        return self.verdict is None or self.verdict.decision != "waive"


def binding(finding: Finding) -> str:
    """Hash of rule, outcome, cells and both sides; where a rule has no sides, of the passage it is about.

    The same finding of a later run has the same binding; a changed figure makes another.
    """
    sides = (finding.left, finding.right)
    passage = finding.text if sides == (None, None) else None
    facts = [finding.rule, finding.outcome, list(finding.cells), *sides, passage]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def judge(findings: Iterable[Finding], verdicts: Sequence[Verdict], on: date) -> tuple[Judged, ...]:
    """Each finding with the latest word that covers it on that day."""
    return tuple(
        Judged(finding, next((word for word in reversed(verdicts) if word.covers(finding, on)), None))
        for finding in findings
    )


def fallen(findings: Iterable[Finding], verdicts: Sequence[Verdict], on: date) -> tuple[Verdict, ...]:
    """Words in force that no longer cover any finding: a figure has changed, or the fault is gone."""
    known = list(findings)
    return tuple(
        word
        for word in verdicts
        if (word.expires_on is None or on <= word.expires_on) and not any(word.covers(f, on) for f in known)
    )
