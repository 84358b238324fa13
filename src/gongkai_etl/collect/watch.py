"""After publication: which files of a delivery say something else than what was collected before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from gongkai_etl.collect.web import Delivery, Piece


def identity(piece: Piece) -> str:
    """What must stay the same: of a page its words (not counters and navigation), of a file its bytes."""
    return piece.fingerprint or hashlib.sha256(piece.data).hexdigest()


def news(delivery: Delivery, known: Mapping[str, str]) -> tuple[Piece, ...]:
    """The pieces to store: new addresses and changed ones. ``known`` is address → :func:`identity`."""
    return tuple(piece for piece in delivery.pieces if known.get(piece.url) != identity(piece))
