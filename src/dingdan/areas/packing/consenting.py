"""Several orders of one recipient travel in one parcel only where somebody who may say so agreed."""

from dingdan.areas import orders
from dingdan.areas.packing import store
from dingdan.areas.packing.events import ConsentGiven, ConsentWithdrawn
from dingdan.areas.packing.model import CONSENT_TEXTS, MAX_CONSENT_ORDERS, Consent, NewConsent
from dingdan.areas.packing.reading import recipients_of
from dingdan.areas.packing.refusals import ConsentOrdersUnfit, ConsentTextUnknown, ConsentUnfit, ConsentUnknown
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing.tx import Tx


async def consent(tx: Tx, new: NewConsent) -> Consent:
    """Keep who agreed, when, to which words and about which orders: the seller's proof (Taobao rules, art. 26).

    Raises OrderUnknown, ConsentTextUnknown, ConsentUnfit or ConsentOrdersUnfit, all at once.
    """
    found = await orders.lock(tx, new.order_ids)
    problems: list[Refusal] = [
        orders.OrderUnknown(f"orders[{n}]") for n, order_id in enumerate(new.order_ids) if order_id not in found
    ]
    if new.text_version not in CONSENT_TEXTS:
        problems.append(ConsentTextUnknown("text_version", version=new.text_version, known=", ".join(CONSENT_TEXTS)))
    if not 2 <= len(new.order_ids) <= MAX_CONSENT_ORDERS or len(set(new.order_ids)) < len(new.order_ids):
        most = MAX_CONSENT_ORDERS
        problems.append(
            ConsentUnfit("orders", why=f"2 to {most} orders, each once", why_zh=f"须为 2 至 {most} 个不同的订单")
        )
    if new.given_at > tx.now:
        problems.append(ConsentUnfit("given_at", why="nobody agrees in the future", why_zh="同意时间不能晚于当前时间"))
    refuse_all(problems)
    recipients = await recipients_of(tx, found.values())
    first = found[new.order_ids[0]]
    refuse_all([
        ConsentOrdersUnfit(f"orders[{n}]")
        for n, order_id in enumerate(new.order_ids)
        if found[order_id].merchant_id != first.merchant_id
        or recipients.get(order_id) is None
        or recipients[order_id] != recipients.get(first.id)
    ])  # fmt: skip
    consent_id = tx.mint()
    await store.add_consent(tx, consent_id, first.merchant_id, new)
    tx.announce(ConsentGiven(subject_id=consent_id, merchant_id=first.merchant_id, order_ids=sorted(new.order_ids),
                             given_by=str(new.given_by), text_version=new.text_version))  # fmt: skip
    (made,) = await store.consents(tx, [consent_id])
    return made


async def withdraw_consent(tx: Tx, consent_id: int) -> Consent:
    """Somebody thought again; parcels that have left are not touched, and a second time changes nothing.

    Raises ConsentUnknown.
    """
    found = [one for one in await store.consents(tx, [consent_id]) if tx.actor.reaches(one.merchant_id)]
    if not found:
        raise ConsentUnknown
    # A parcel that is being handed over with this consent has locked the same orders.
    await orders.lock(tx, found[0].order_ids)
    if await store.withdraw_consent(tx, consent_id):
        tx.announce(ConsentWithdrawn(subject_id=consent_id, merchant_id=found[0].merchant_id,
                                     order_ids=found[0].order_ids))  # fmt: skip
    return (await store.consents(tx, [consent_id]))[0]
