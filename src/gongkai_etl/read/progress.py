"""Signs of life: a reader that has more than one long step to take says so before each of them."""

from __future__ import annotations

from collections.abc import Callable


def _nobody() -> None:
    """Where nobody watches the time."""


told: Callable[[], None] = _nobody
"""What a step is told to; a reading process sets it."""


def step() -> None:
    """A long step begins, as the recognition of one picture: its time is its own."""
    told()
