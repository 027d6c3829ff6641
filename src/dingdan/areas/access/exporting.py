"""What is taken away as a file is written down."""

from dingdan.areas.access.events import ListExported
from dingdan.plumbing.tx import Tx


def note_export(tx: Tx, page: str, rows: int) -> None:
    """Whoever acts took so many rows of a list away."""
    tx.announce(ListExported(subject_id=tx.actor.id or 0, merchant_id=tx.actor.merchant_id, page=page, rows=rows))
