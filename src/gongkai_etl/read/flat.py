"""A Word document saved as one XML file (Flat OPC) → the same as a container of parts."""

from __future__ import annotations

import io
import zipfile
from base64 import b64decode

from lxml import etree

from gongkai_etl.read.xml import attribute, child, local, parse


def container(data: bytes, name: str) -> bytes:
    """The parts in a zip. Raises ReadError ``READ-DAMAGED`` or ``READ-UNSAFE``."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for part in parse(data, name):
            place = (attribute(part, "name") or "").lstrip("/")
            xml, binary = child(part, "xmlData"), child(part, "binaryData")
            if local(part) != "part" or not place:
                continue
            if xml is not None and len(xml):
                archive.writestr(place, etree.tostring(xml[0]))
            elif binary is not None:
                archive.writestr(place, b64decode("".join((binary.text or "").split()) + "==="))
    return out.getvalue()
