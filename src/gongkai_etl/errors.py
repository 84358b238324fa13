"""Errors that people may see: a stable code, and a Chinese message that says what to do."""

from __future__ import annotations


class GongkaiError(Exception):
    """Base of all errors of this project.

    ``code`` is stable and upper case (``READ-ENCRYPTED``); ``message`` is Chinese, complete, and
    says what the reader of the message should do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message

    def __reduce__(self) -> tuple[type[GongkaiError], tuple[str, str]]:
        # Errors cross the border of the reading child process.
        return type(self), (self.code, self.message)


class ReadError(GongkaiError):
    """A file could not be read; its code begins with ``READ-`` and it becomes a finding."""


class RosterError(GongkaiError):
    """The roster of units, or a unit named in a request, is not usable."""


class SettingsError(GongkaiError):
    """A setting is missing or contradicts another."""


class StoreError(GongkaiError):
    """The object store or the warehouse refused, or is not there."""


class CollectError(GongkaiError):
    """A source could not be collected (address refused, page gone, recipe does not fit)."""


class PublishError(GongkaiError):
    """A release was refused or could not be built."""
