"""Take reports out of the mailbox: each attachment goes into the inbox, where its content says whose it is."""

from __future__ import annotations

import hashlib

from gongkai_etl.collect.mail import Box, letters
from gongkai_etl.steps.inbox import RECEIVED
from gongkai_etl.steps.stores import Stores
from gongkai_etl.store import keys


def take_mail(stores: Stores, box: Box) -> int:
    """Store the attachments of unseen messages; gives how many were new.

    A message is marked as seen only after its attachments are stored, and the same attachment is
    stored once: stopped anywhere, the next call completes it.
    """
    new = 0
    for letter in letters(box, stores.settings.read_max_file_mb):
        arrival = letter.arrival
        subject = keys.safe(arrival.path.split("/")[1])
        digest = hashlib.sha256(letter.data).hexdigest()[:12]
        key = f"{keys.INBOX}/mail/{subject}/{digest}-{keys.safe(arrival.name)}"
        facts = {"file-name": arrival.name, "origin": "mail", RECEIVED: arrival.received_at.isoformat()}
        if arrival.sender:
            facts["sender"] = arrival.sender
        new += stores.objects.put_once(key, letter.data, metadata=facts)
    return new
