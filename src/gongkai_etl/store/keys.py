"""Names in the object store: each is made of what the content depends on, never of when it ran."""

from __future__ import annotations

import re
from typing import Literal

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\/?#%*:|\"<>]+")

INBOX = "inbox"


def safe(part: str) -> str:
    """One part of a key: no slash, control character or wildcard; never empty, never a dot folder."""
    cleaned = _UNSAFE.sub("_", part).strip().strip(".")
    return cleaned or "_"


def inbox(year: int, unit: str, file_name: str) -> str:
    """Where a file waits to be taken: ``inbox/2025/青禾镇/report.pdf``."""
    return f"{INBOX}/{year}/{safe(unit)}/{safe(file_name)}"


def raw(year: int, unit: str, sha256: str, extension: str) -> str:
    """The file as it arrived; written once."""
    return f"raw/{year}/{safe(unit)}/{sha256}.{safe(extension)}"


def quarantine(year: int, unit: str, sha256: str, extension: str) -> str:
    """A second copy of a file that could not be read, for people to look at."""
    return f"quarantine/{year}/{safe(unit)}/{sha256}.{safe(extension)}"


def document(year: int, unit: str, sha256: str) -> str:
    """What the file says (:class:`~gongkai_etl.model.Document`) as JSON."""
    return f"documents/{year}/{safe(unit)}/{sha256}.json"


def report(year: int, unit: str, sha256: str) -> str:
    """The report read from the file of this hash, as JSON."""
    return f"reports/{year}/{safe(unit)}/{sha256}.json"


def failure(year: int, unit: str, sha256: str) -> str:
    """Why no report could be read from the file of this hash."""
    return f"reports/{year}/{safe(unit)}/{sha256}.error.json"


def unclaimed(sha256: str, extension: str) -> str:
    """A file nobody knows the owner of."""
    return f"unclaimed/{sha256}.{safe(extension)}"


def batch(year: int) -> str:
    """What the last check of a year said as a whole."""
    return f"findings/{year}/batch.json"


def findings(year: int, unit: str, sha256: str) -> str:
    """The findings about the file of this hash, as JSON."""
    return f"findings/{year}/{safe(unit)}/{sha256}.json"


def beside(year: int, unit: str, sha256: str) -> str:
    """Findings about a file that other means than the rules have made (page against attachment)."""
    return f"findings/{year}/{safe(unit)}/{sha256}.extra.json"


def visited(year: int, unit: str) -> str:
    """What the last visit of a unit's source found: address → identity."""
    return f"web/{year}/{safe(unit)}.json"


def evidence(year: int, unit: str, sha256: str, cell: str) -> str:
    """The picture of one cell."""
    return f"evidence/{year}/{safe(unit)}/{sha256}/{safe(cell)}.png"


def notice(year: int, unit: str, file_name: str) -> str:
    """A notice to a unit."""
    return f"notices/{year}/{safe(unit)}/{safe(file_name)}"


def of_year(kind: Literal["papers", "notices"], year: int) -> str:
    """What the keys of a year's papers or notices begin with."""
    return f"{kind}/{year}/"


def asked(year: int) -> str:
    """What approval was last asked for: the hash of the figures."""
    return f"state/asked-{year}.txt"


def papers(year: int, file_name: str) -> str:
    """A paper for the office alone: county report draft, ledger."""
    return f"papers/{year}/{safe(file_name)}"


def release(year: int, name: str, path: str) -> str:
    """A published file, in the public bucket."""
    return f"{year}/{safe(name)}/{path}"
