"""Tells the demo's stories: orders in every state, acted out by the real commands at believable times."""

import random
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import msgspec

from dingdan import worker
from dingdan.areas import clocks, identity, placement, review
from dingdan.cli.demo import accounts, developers, goods, kept, people, tales, written
from dingdan.cli.demo.lanes import evaluate_carriers
from dingdan.cli.demo.named import Named
from dingdan.cli.demo.shops import BUYERS, SHOPS
from dingdan.cli.demo.stages import Stage, set_up
from dingdan.cli.demo.story import Step, Story
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.address import Address
from dingdan.kernel.working import CalendarTerms
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.files import Files

# Returns are answered within so many hours of service; what the law counts goes on at night.
SERVICE = CalendarTerms(zone="Asia/Shanghai", opens="09:00", closes="21:00", holidays="CN", kinds=("return.review",))

# How many orders reach which end, and how many hours before now each was placed.
ENDS: tuple[tuple[str, int, tuple[int, int]], ...] = (
    ("awaiting_payment", 3, (0, 0)), ("expired", 3, (2, 60)), ("cancelled", 2, (3, 70)), ("refunded", 3, (20, 90)),
    ("held", 2, (3, 20)), ("queued", 12, (1, 30)), ("picking", 3, (2, 3)), ("packed", 3, (5, 30)),
    ("dispatched", 4, (10, 40)), ("moving", 5, (30, 70)), ("out_for_delivery", 3, (60, 90)),
    ("turned_away", 1, (80, 100)), ("silent", 2, (80, 110)), ("delivered", 10, (90, 160)), ("completed", 8, (260, 420)),
    ("return_approved", 3, (120, 160)), ("return_in_review", 2, (120, 150)), ("return_refused", 1, (120, 160)),
    ("return_withdrawn", 1, (120, 160)), ("return_sent", 3, (160, 200)), ("return_received", 2, (200, 230)),
    ("return_failed", 2, (210, 250)), ("return_refunded", 6, (220, 300)), ("return_swapped", 1, (196, 198)),
    ("moved", 2, (1, 20)),
    # Nobody picked it by its promise; and something of it was missing.
    ("late", 1, (75, 90)), ("in_trouble", 1, (80, 100)), ("return_exchanged", 1, (220, 300)),
)  # fmt: skip

# What happens in several stories within so long is answered together.
TOGETHER = timedelta(minutes=90)


async def tell(db: Database, key_file: Path) -> tuple[str, bool]:
    """Tell what was not told yet (a first start may have been cut short); gives the API key and whether all is new."""
    await do(db, SYSTEM, clocks.save_calendar, None, SERVICE)
    stages = [await set_up(db, shop) for shop in SHOPS]
    await goods.show(db, stages, Files(key_file.parent))
    await accounts.open_account(db, stages[0].merchant_id)
    await people.hire(db, stages[0].merchant_id)
    await tales.prepare(db, stages)
    stories = [*await _stories(db, stages), *await tales.stories(db, stages, Files(key_file.parent))]
    untold = [story for story in stories if not await story.is_told()]
    await _act(db, [step for story in untold for step in story.steps()])
    # Rules of review come last: the orders above go their ways, those below wait for a second look.
    await do(db, SYSTEM, review.load_shipped)
    looks = [story for story in await _looked_at(db, stages) if not await story.is_told()]
    await _act(db, [step for story in looks for step in story.steps()])
    await tales.trouble_refunds(db, [story for story in untold if isinstance(story, Named)])
    await tales.leave_at_the_door(db, stages)
    await accounts.invoice_one(db, stages[0].merchant_id)
    await written.write(db, stages)
    await developers.prepare(db, stages[0].merchant_id)
    if untold:
        for stage in stages:
            await do(db, SYSTEM, evaluate_carriers, stage.merchant_id)
    return await _key(db, key_file), len(untold) == len(stories)


async def _key(db: Database, key_file: Path) -> str:
    """The demo's key: made once, kept beside the data for the next start."""
    if (secret := kept.read_key(key_file)) is not None:
        async with db.transaction(SYSTEM) as tx:
            if await identity.find_key(tx, secret) is not None:
                return secret
    issued = await do(db, SYSTEM, identity.issue_key, identity.IssueKey(
        merchant_id=None, staff_id=None, name="demo", scopes=tuple(sorted(identity.PERMISSIONS))))  # fmt: skip
    kept.write_key(key_file, issued.secret)
    return issued.secret


async def _act(db: Database, steps: Sequence[Step]) -> None:
    """Let everything happen in the order of time, and what follows from it follow before its story goes on."""
    since, acted = None, set[str]()
    for step in sorted(steps, key=lambda step: step.at):
        if since is None or step.story in acted or step.at - since > TOGETHER:
            await worker.settle(db, at=step.at)
            since, acted = step.at, set()
        await step.act()
        acted.add(step.story)
    await worker.settle(db)


async def _stories(db: Database, stages: Sequence[Stage]) -> list[Story]:
    chance = random.Random(7)
    async with db.transaction(SYSTEM) as tx:
        now = tx.now
    stories: list[Story] = []
    for end, count, (newest, oldest) in ENDS:
        for _ in range(count):
            placed_at = now - timedelta(minutes=chance.randint(newest * 60 + 2, max(oldest * 60, newest * 60 + 15)))
            stage = chance.choice(stages)
            basket = _basket(stage, chance, end, reference=f"demo-{len(stories) + 1:03d}")
            stories.append(Story(db, stage, basket, placed_at=placed_at, end=end))
    return stories


async def _looked_at(db: Database, stages: Sequence[Stage]) -> list[Story]:
    """Orders of this moment, since when the rules of review hold: made to order, presale, a large amount."""
    chance = random.Random(11)
    async with db.transaction(SYSTEM) as tx:
        now = tx.now
    # One who ordered twice stands first: what goes to the same hands can travel together.
    twice = BUYERS[0]
    wanted = (
        ("lantern", "NAMEPLATE", 1, twice), ("lantern", "NAMEPLATE", 2, twice), ("greenwood", "COAT-DOWN-L", 1, None),
        ("lantern", "LAMP-PAPER", 12, None), ("greenwood", "COAT-DOWN-L", 2, None), ("lantern", "NAMEPLATE", 1, None),
    )  # fmt: skip
    by_code = {stage.shop.code: stage for stage in stages}
    baskets = [
        (by_code[shop], msgspec.structs.replace(
            _basket(by_code[shop], chance, "in_review", reference=f"demo-review-{n + 1}", buyer=buyer),
            items=(placement.Item(sku, quantity),)))
        for n, (shop, sku, quantity, buyer) in enumerate(wanted)
    ]  # fmt: skip
    return [Story(db, stage, basket, placed_at=now, end="in_review") for stage, basket in baskets]


def _basket(
    stage: Stage, chance: random.Random, end: str, *, reference: str, buyer: tuple[str, Address] | None = None
) -> placement.Basket:
    ref, address = buyer or chance.choice(BUYERS)
    # What may come back without a reason, where a return is to be told.
    plain = [p for p in stage.shop.products if p.is_plain]
    choice = [p for p in plain if not p.flags] if end.startswith("return_") else plain
    picked = chance.sample(choice, k=min(len(choice), chance.choice((1, 1, 2, 2, 3))))
    return placement.Basket(
        merchant_id=stage.merchant_id, reference=reference, channel=chance.choice(stage.shop.channels)[0],
        buyer=placement.Buyer(ref=ref, email=f"{ref}@buyers.example"), ship_to=address,
        items=tuple(placement.Item(product.sku, chance.choice((1, 1, 1, 2))) for product in picked),
    )  # fmt: skip
