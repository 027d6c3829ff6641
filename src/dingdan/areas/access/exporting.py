"""What is taken away as a file, and who looked at whom, is written down."""

from dingdan.areas import identity
from dingdan.areas.access.events import ContactShown, ListExported
from dingdan.plumbing.tx import Tx


def note_export(tx: Tx, page: str, rows: int) -> None:
    """Whoever acts took so many rows of a list away."""
    tx.announce(ListExported(subject_id=tx.actor.id or 0, merchant_id=tx.actor.merchant_id, page=page, rows=rows))


def note_contact_shown(tx: Tx, order_id: int, merchant_id: int) -> None:
    """Whoever acts looked at the name, phone and address of an order's buyer. Raises PermissionMissing."""
    if not tx.actor.may("order.read_contact"):
        raise identity.PermissionMissing(permission="order.read_contact")
    tx.announce(ContactShown(subject_id=order_id, merchant_id=merchant_id, order_id=order_id))
