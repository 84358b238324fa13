"""How a release looks: the choices of the publishing office."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """Given by the caller (from the settings), so that building stays a plain function of its inputs."""

    publisher: str = ""
    licence: str = "CC-BY-4.0"
    licence_url: str = "https://creativecommons.org/licenses/by/4.0/deed.zh-hans"
    licence_title: str = "知识共享署名 4.0 国际许可协议"
    csv_bom: bool = False
    correction_days: int = 10
    """Days a unit has for correcting, counted from the day of the notice."""
    personal: tuple[str, ...] = ()
    """Kinds of personal data that may be published (gongkai_etl.personal.ALLOWABLE); none unless chosen."""
    pdf: bool = False
    """Also make PDF of the documents, when LibreOffice is on the machine."""
