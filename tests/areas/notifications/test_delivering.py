"""Delivery: over real SMTP and the sandbox's adapters, retried, falling back, never twice, whoever dies on the way."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests import given
from tests.areas.notifications import told
from tests.areas.notifications.conftest import MailServer, free_port

from dingdan import worker
from dingdan.areas import identity, merchants, notifications, orders
from dingdan.areas.notifications.delivering import take_in_hand
from dingdan.areas.notifications.model import Channel
from dingdan.areas.notifications.rules import ways
from dingdan.areas.notifications.senders import smtp
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import outbox
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.reactions import runner

pytestmark = pytest.mark.requirement("O1.11")

sandbox = notifications.sandbox


async def mail_shop(db: Database, *channels: str) -> given.Shop:
    return await given.shop(db, message_channels=channels or ("email",), pay_within_minutes=24 * 60)


async def sent_over(db: Database) -> list[str]:
    return [channel for channel, _ in await sandbox.sent(db)]


async def test_a_mail_arrives_with_both_bodies_in_the_buyers_language(db: Database, mail_server: MailServer) -> None:
    order_id = await told.placed(db, await mail_shop(db), language="en-GB")
    (mail,) = mail_server.box.mails
    (one,) = await told.confirmations(db, order_id)
    assert mail["To"] == told.EMAIL
    assert mail["From"] == "Little shop <orders@shop.example>"
    assert mail["Subject"] == f"We have your order {one.facts.number}"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert one.hash.hex() in text.get_content()
    assert one.hash.hex() in html.get_content()
    assert await told.messages(db, order_id) == [("email", "sent", None)]


async def test_a_buyer_who_named_no_language_hears_the_merchants(db: Database, mail_server: MailServer) -> None:
    await told.placed(db, await mail_shop(db))
    (mail,) = mail_server.box.mails
    assert mail["Subject"].startswith("已收到您的订单")
    assert mail["Content-Language"] == "zh"


async def test_what_was_sent_is_kept_sealed(db: Database, mail_server: MailServer) -> None:
    order_id = await told.placed(db, await mail_shop(db))
    body = mail_server.box.mails[0].get_body(("plain",))
    async with db.reading(SYSTEM) as tx:
        (one,) = await notifications.messages(tx, order_id)
        copy = await notifications.copy(tx, one)
    assert one.sealed is not None
    assert "王小明".encode() not in one.sealed
    assert copy is not None
    assert body is not None
    # All of it, but for what let its reader in.
    sent = re.sub(r"/in/[0-9a-f]{40}", "/in/······", body.get_content())
    assert "······" in sent
    assert (copy.to, copy.text.split()) == (told.EMAIL, sent.split())


async def test_a_refused_recipient_is_not_tried_again_but_another_way(db: Database, mail_server: MailServer) -> None:
    mail_server.box.refuses[told.EMAIL] = "550 no such mailbox"
    order_id = await told.placed(db, await mail_shop(db, "email", "sms"))
    assert await told.messages(db, order_id) == [("email", "failed", "smtp_550"), ("sms", "sent", None)]
    assert await sent_over(db) == ["sms"]


async def test_a_full_mailbox_is_tried_again(db: Database, mail_server: MailServer) -> None:
    mail_server.box.refuses[told.EMAIL] = "452 mailbox full"
    order_id = await told.placed(db, await mail_shop(db))
    assert await told.messages(db, order_id) == [("email", "queued", "smtp_452")]
    mail_server.box.refuses.clear()
    await told.later(db, minutes=3)
    assert await told.messages(db, order_id) == [("email", "sent", None)]


async def test_a_server_that_is_down_is_tried_four_times_in_a_quarter_of_an_hour(
    db: Database, post: Callable[..., None]
) -> None:
    post(smtp_url=f"smtp://127.0.0.1:{free_port()}")
    order_id = await told.placed(db, await mail_shop(db, "email", "sms"))
    for minutes in (1, 1, 4):
        assert await told.messages(db, order_id) == [("email", "queued", "unreachable")]
        await told.later(db, minutes=minutes)
    await told.later(db, minutes=10)
    assert await told.messages(db, order_id) == [("email", "failed", "unreachable"), ("sms", "sent", None)]
    async with db.reading(SYSTEM) as tx:
        assert [one.attempts for one in await notifications.messages(tx, order_id)] == [4, 1]


async def test_a_server_that_hangs_gets_the_mail_twice_at_most(
    db: Database, mail_server: MailServer, post: Callable[..., None]
) -> None:
    post(smtp_url=mail_server.url, letter_seconds=0.3)
    mail_server.box.hangs = 1.0
    order_id = await told.placed(db, await mail_shop(db, "email", "sms"))
    assert await told.messages(db, order_id) == [("email", "queued", "timed_out")]
    for _ in range(4):
        await told.later(db, minutes=10)
    assert await told.messages(db, order_id) == [("email", "failed", "timed_out"), ("sms", "sent", None)]
    assert len(mail_server.box.mails) == 2
    assert len({mail["Message-ID"] for mail in mail_server.box.mails}) == 1


async def test_an_order_without_a_mail_address_goes_the_next_way(db: Database, mail_server: MailServer) -> None:
    shop = await mail_shop(db, "email", "sms")
    for address in ("", "nobody", "a b@c.example", "a@b.example,c@d.example"):
        order_id = await told.placed(db, shop, email=address)
        assert await told.messages(db, order_id) == [("email", "suppressed", "no_address"), ("sms", "sent", None)]
    assert mail_server.box.mails == []


async def test_all_channels_failing_is_told_to_somebody(db: Database) -> None:
    await sandbox.order_fault(db, "sms", "refuse")
    await sandbox.order_fault(db, "push", "refuse")
    order_id = await told.placed(db, await mail_shop(db, "sms", "push"))
    assert [state for _, state, _ in await told.messages(db, order_id)] == ["failed", "failed"]
    assert (await told.wires(db))[-1] == "message.undeliverable"
    assert len(await told.confirmations(db, order_id)) == 1


async def test_a_channel_that_this_house_does_not_have_is_passed_over(db: Database) -> None:
    db.sandbox = False
    order_id = await told.placed(db, await mail_shop(db, "email", "sms"))
    assert {why for _, _, why in await told.messages(db, order_id)} == {"channel_unavailable"}
    assert (await told.wires(db))[-1] == "message.undeliverable"


async def test_the_sandbox_can_be_down_slow_and_lose_its_answer(db: Database) -> None:
    for kind in ("down", "lose_answer", "slow"):
        await sandbox.order_fault(db, "sms", kind)
    order_id = await told.placed(db, await mail_shop(db, "sms"))
    assert await told.messages(db, order_id) == [("sms", "queued", "unreachable")]
    await told.later(db, minutes=3)
    assert await told.messages(db, order_id) == [("sms", "queued", "timed_out")]
    await told.later(db, minutes=5)
    assert await told.messages(db, order_id) == [("sms", "sent", None)]


async def test_nobody_is_asked_to_pay_what_is_paid(db: Database, mail_server: MailServer) -> None:
    order_id = await given.paid_order(db, await mail_shop(db, "sms"))
    assert await told.messages(db, order_id) == [("sms", "suppressed", "overtaken"), ("sms", "sent", None)]


async def test_who_was_forgotten_is_not_written_to(db: Database) -> None:
    await sandbox.order_fault(db, "sms", "down")
    order_id = await told.placed(db, await mail_shop(db, "sms"))
    async with db.transaction(SYSTEM) as tx:
        await identity.forget(tx, (await orders.get_one(tx, order_id)).buyer_id)
    await told.later(db, minutes=3)
    assert await told.messages(db, order_id) == [("sms", "suppressed", "person_forgotten")]


async def test_a_merchant_who_switches_messages_off_is_heard_at_once(db: Database) -> None:
    await sandbox.order_fault(db, "sms", "down")
    shop = await given.shop(db, code="quiet", message_channels=("sms",))
    order_id = await told.placed(db, shop)
    await do(db, SYSTEM, merchants.save, merchants.SaveMerchant(
        code="quiet", name={"zh": "小店"}, zone="Asia/Shanghai", currency="CNY",
        settings=merchants.MerchantSettings(messages=False)))  # fmt: skip
    await told.later(db, minutes=3)
    assert await told.messages(db, order_id) == [("sms", "suppressed", "turned_off")]


async def test_the_demo_puts_its_mail_into_a_folder(db: Database, post: Callable[..., None], tmp_path: Path) -> None:
    post(folder=tmp_path / "mail")
    await told.placed(db, await mail_shop(db))
    (letter,) = (tmp_path / "mail").iterdir()
    assert letter.name.startswith("msg_")
    assert letter.suffix == ".eml"
    assert letter.stat().st_mode & 0o077 == 0


async def test_two_jobs_with_one_message_send_it_once(db: Database, mail_server: MailServer) -> None:
    order_id = await _placed_untold(db, await mail_shop(db))
    message_id = await _message_id(db, order_id)
    job = {"message_ids": [message_id]}
    await asyncio.gather(notifications.deliver(db, job), notifications.deliver(db, job))
    await notifications.deliver(db, job)
    assert len(mail_server.box.mails) == 1
    assert await told.messages(db, order_id) == [("email", "sent", None)]


async def test_whoever_dies_before_sending_leaves_a_clock_that_sends(db: Database, mail_server: MailServer) -> None:
    order_id = await _placed_untold(db, await mail_shop(db))
    await do(db, SYSTEM, take_in_hand, [await _message_id(db, order_id)])
    await given.settle(db)
    assert mail_server.box.mails == []
    await told.later(db, minutes=3)
    assert len(mail_server.box.mails) == 1
    async with db.reading(SYSTEM) as tx:
        (one,) = await notifications.messages(tx, order_id)
    assert (one.state, one.attempts, one.lost) == ("sent", 2, 1)


async def test_dying_twice_ends_it_on_this_channel(db: Database, mail_server: MailServer) -> None:
    order_id = await _placed_untold(db, await mail_shop(db))
    message_id = await _message_id(db, order_id)
    await do(db, SYSTEM, take_in_hand, [message_id])
    async with db.connection() as connection:
        await connection.execute("UPDATE messages SET next_at = next_at - interval '1 hour'")
    await do(db, SYSTEM, take_in_hand, [message_id])
    await told.later(db, minutes=20)
    assert await told.messages(db, order_id) == [("email", "failed", "outcome_unknown")]
    assert mail_server.box.mails == []


@pytest.mark.requirement("O1.12")
async def test_one_bad_letter_does_not_hold_up_the_others(db: Database, mail_server: MailServer) -> None:
    mail_server.box.refuses["bad@mail.example"] = "550 no"
    shop = await mail_shop(db)
    wanted = [f"n{n}@mail.example" for n in range(30)]
    wanted[7] = "bad@mail.example"
    for address in wanted:
        await told.put(db, shop, email=address)
    await given.settle(db)
    assert len(mail_server.box.mails) == 29
    assert {mail["To"] for mail in mail_server.box.mails} == set(wanted) - {"bad@mail.example"}


async def test_a_confirmation_is_sent_again_when_asked_and_not_for_ever(db: Database, mail_server: MailServer) -> None:
    order_id = await told.placed(db, await mail_shop(db, "email", "sms"))
    for _ in range(ways.MAX_ROUNDS - 1):
        await do(db, SYSTEM, notifications.resend, order_id, 1)
        with pytest.raises(notifications.StillOnItsWay):
            await do(db, SYSTEM, notifications.resend, order_id, 1)
        await given.settle(db)
    with pytest.raises(notifications.SentTooOften):
        await do(db, SYSTEM, notifications.resend, order_id, 1)
    assert len(mail_server.box.mails) == ways.MAX_ROUNDS


async def test_it_is_sent_again_over_the_channel_that_was_asked_for(db: Database, mail_server: MailServer) -> None:
    order_id = await told.placed(db, await mail_shop(db, "email", "sms"))
    await do(db, SYSTEM, notifications.resend, order_id, 1, channel=Channel.SMS)
    with pytest.raises(notifications.ChannelOff):
        await do(db, SYSTEM, notifications.resend, order_id, 1, channel=Channel.PUSH)
    await given.settle(db)
    assert await sent_over(db) == ["sms"]


def test_the_address_of_a_mail_server_is_read() -> None:
    assert smtp.options("smtp://u%40x:p%2Fw@mail.example:2525") == {
        "hostname": "mail.example", "port": 2525, "use_tls": False, "start_tls": None, "username": "u@x",
        "password": "p/w",
    }  # fmt: skip
    assert smtp.options("smtps://mail.example")["use_tls"] is True
    assert smtp.options("smtp+starttls://mail.example")["start_tls"] is True
    with pytest.raises(ValueError, match="DINGDAN_SMTP_URL") as said:
        smtp.options("http://user:secret@mail.example")
    assert "secret" not in str(said.value)


def test_a_header_cannot_be_smuggled_in() -> None:
    contact = identity.Contact(id=1, merchant_id=1, buyer_id=1, country="CN", province="", city="")
    for address in ("a@b.example\r\nBcc: c@d.example", "a@b.example\n", "a@b@c", "<a@b.example>", "a@" + "b" * 300):
        found = ways.address_on(Channel.EMAIL, msgspec.structs.replace(contact, email=address))
        assert found is None or "\n" not in found


async def _placed_untold(db: Database, shop: given.Shop, *, email: str = told.EMAIL) -> int:
    """An order whose message waits for its job."""
    order_id = await told.put(db, shop, email=email)
    await outbox.sequence(db)
    while await runner.run(db, worker.LISTENERS):
        await outbox.sequence(db)
    return order_id


async def _message_id(db: Database, order_id: int) -> int:
    async with db.reading(SYSTEM) as tx:
        (one,) = await notifications.messages(tx, order_id)
    return one.id
