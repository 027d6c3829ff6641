"""The stories that have a name, so that everybody can find them again: the nine of the tour, and what else somebody waits for."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from dingdan import worker
from dingdan.areas import addresses, disputes, inventory, orders, payments, pricing, refunds, returns, talks, way_back
from dingdan.cli.demo.named import Named, Tale
from dingdan.cli.demo.shops import place
from dingdan.cli.demo.stages import Stage
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import files
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

IMPORT_TAX = pricing.TaxRate(
    name={"zh": "跨境电商综合税", "en": "Cross-border import tax"},
    country="CN",
    rate=9_10,
    inclusive=False,
    cross_border=True,
)
# The provider says nothing about the refund that nobody knows of, for as long as anybody looks at the demo.
SILENT_FOR = 1_000
NAMELESS = "nameless-parcel"

_LIN_WAN = place("林晚", "13800010001", "浙江省", "杭州市", "西湖区", "北山街 84 号 2 幢 301")
_HE_QING = place("何清", "13800010002", "上海市", "上海市", "徐汇区", "衡山路 12 号 7 楼")
_LU_YAO = place("陆遥", "13800010003", "北京市", "北京市", "朝阳区", "三里屯路 19 号院 5 号楼 1102")
_MA_LI = place("马莉", "13800010004", "四川省", "成都市", "武侯区", "科华北路 65 号 1 单元 9 号")
_TANG_NING = place("唐宁", "13800010005", "江苏省", "南京市", "鼓楼区", "汉口路 22 号 402")
_GU_BEI = place("顾北", "13800010006", "福建省", "厦门市", "思明区", "湖滨南路 388 号 1602")
_SHEN_QIU = place("沈秋", "13800010007", "上海市", "上海市", "静安区", "愚园路 546 弄 8 号")
_JIANG_HE = place("江禾", "13800010008", "浙江省", "杭州市", "余杭区", "文一西路 1218 号 3 栋 602")
_YE_ZHOU = place("叶舟", "13800010009", "江苏省", "南京市", "鼓楼区", "中山北路 200 号 1 幢 504")
# An example number of GB 11643 that belongs to nobody.
_PAPERS = addresses.Identity("江禾", "11010519491231002X")

_BACK_FOR_FAULT = (
    (84, partial(Named.ask, reason="QUALITY_DEFECT")), (90, Named.approve), (110, Named.send),
    (170, partial(Named.receive, units=1)), (190, partial(Named.look, units=1, note="有瑕疵")),
)  # fmt: skip

_OFFERED = (
    (120, partial(Named.ask, reason="NOT_AS_DESCRIBED", shows=("torn_dress",))),
    (140, partial(Named.offer, amount=4000, text="保留毯子，退您 40 元。")),
)

TALES: tuple[Tale, ...] = (
    # 1: the clean path, from the tear to the money.
    Tale(name="1-torn-dress", shop="greenwood", home=_LIN_WAN, items={"DRESS-INDIGO-S": 1}, hours=200, acts=(
        (84, partial(Named.ask, reason="QUALITY_DEFECT", shows=("torn_dress", "dress_label"))), (90, Named.approve),
        (110, Named.send), (170, partial(Named.receive, units=1)),
        (190, partial(Named.look, units=1, note="腰线处开裂,非人为")), (192, Named.pay_back),
    )),
    # 2: nine centimetres where twelve were promised; waits for somebody who looks at the pictures.
    Tale(name="2-thin-pillow", shop="lantern", home=_HE_QING, items={"PILLOW-LATEX": 1}, acts=(
        (150, partial(Named.ask, reason="NOT_AS_DESCRIBED", shows=("thin_pillow", "pillow_page"))),
    )),
    # 3: made to order; the rules say no, and the buyer asks for a person.
    Tale(name="3-engraved-mug", shop="lantern", home=_LU_YAO, items={"MUG-ENGRAVED": 1}, acts=(
        (150, partial(Named.ask, reason="NO_REASON", ask_person=True)),
    )),
    # 4: fresh, leaking, and nothing that anybody would send back.
    Tale(name="4-cracked-oil", shop="yunwu", home=_MA_LI, items={"OIL-CAMELLIA": 1}, acts=(
        (84, partial(Named.ask, reason="DAMAGED_ON_ARRIVAL", shows=("cracked_oil",),
                     resolution=returns.Resolution.REFUND_ONLY)), (90, Named.approve),
    )),
    # 5: a kettle came where a gaiwan was bought; it is on its way back.
    Tale(name="5-wrong-item", shop="yunwu", home=_TANG_NING, items={"GAIWAN-WHITE": 1}, acts=(
        (84, partial(Named.ask, reason="WRONG_ITEM", shows=("wrong_item",))), (90, Named.approve), (110, Named.send),
    )),
    # 6: two were to come back, one lay in the parcel.
    Tale(name="6-two-declared-one-returned", shop="lantern", home=_GU_BEI, items={"CUSHION-LINEN": 2}, hours=200, acts=(
        (84, partial(Named.ask, reason="NO_REASON", units=2)), (110, Named.send),
        (170, partial(Named.receive, units=1)), (190, partial(Named.look, units=1)),
    )),
    # 7: the carrier says that it is gone.
    Tale(name="7-lost-parcel", shop="greenwood", home=_SHEN_QIU, items={"SHIRT-LINEN-M": 1}, end="dispatched", acts=(
        (60, Named.lose),
    )),
    # 8: the money was sent back, and nobody knows whether it went.
    Tale(name="8-refund-unknown", shop="yunwu", home=_YE_ZHOU, items={"KETTLE-IRON": 1}, hours=3, end="queued",
         refund="answer_lost_after_charging"),
    # 9: both sides were heard, the seller with a picture of the packed box; an arbitrator has the word.
    Tale(name="9-dispute-with-proof", shop="lantern", home=_TANG_NING, items={"LAMP-OAK": 1}, acts=(
        (84, partial(Named.ask, reason="DAMAGED_ON_ARRIVAL")),
        (90, partial(Named.refuse, reason="EVIDENCE_INSUFFICIENT", rule="CN_TRANSPORT", text="看不出运输破损。")),
        (110, partial(Named.complain, issue=disputes.Issue.VISIBLE_FAULT, text="灯罩裂了一道,收到时就这样。",
                      shows=("cracked_lamp",))),
        (130, partial(Named.prove, side=talks.Side.SELLER, text="装箱称重与照片齐全,出库时灯罩完好。",
                      shows=("packed_lamp",))),
        (140, partial(Named.prove, side=talks.Side.BUYER, text="外箱没事,里面没有填充,灯罩是颠裂的。")),
    )),
    # What else somebody waits for.
    Tale(name="dispute-sellers-turn", shop="lantern", home=_HE_QING, items={"CUSHION-LINEN": 1}, acts=(
        (84, partial(Named.ask, reason="QUALITY_DEFECT", shows=("spotted_cushion",))),
        (90, partial(Named.refuse, reason="EVIDENCE_INSUFFICIENT", rule="CN_QUALITY", text="疑似使用后污渍。")),
        (150, partial(Named.complain, issue=disputes.Issue.VISIBLE_FAULT, text="拆开就有三处污渍。",
                      shows=("spotted_cushion",))),
    )),
    Tale(name="exchange-on-its-way", shop="greenwood", home=_LU_YAO, items={"DRESS-INDIGO-S": 1}, acts=(
        (84, partial(Named.ask, reason="SIZE_UNFIT", wants="DRESS-INDIGO-M")), (110, Named.send),
    )),
    Tale(name="repair-under-way", shop="yunwu", home=_GU_BEI, items={"KETTLE-IRON": 1}, hours=200, acts=(
        (84, partial(Named.ask, reason="FUNCTION_FAULT", resolution=returns.Resolution.REPAIR)), (90, Named.approve),
        (110, Named.send), (170, partial(Named.receive, units=1)),
    )),
    Tale(name="customs-not-back-yet", shop="yunwu", home=_JIANG_HE, items={"FORMULA-NL": 1}, papers=_PAPERS, acts=(
        (4.5, Named.clear), (84, partial(Named.ask, reason="NO_REASON")), (90, Named.apply_to_customs), (110, Named.send),
    )),
    Tale(name="old-tea", shop="yunwu", home=_SHEN_QIU, items={"TEA-LONGJING-100": 1}, acts=(
        (150, partial(Named.ask, reason="EXPIRED_OR_NEAR", shows=("old_tea",))),
    )),
    # On its way, and further with every turn of the clock.
    Tale(name="on-the-road", shop="lantern", home=_HE_QING, items={"LAMP-OAK": 1}, hours=10, end="rolling"),
    # For whoever opens parcels: one that is announced, and one of which only a note says whose it is.
    Tale(name="parcel-coming-back", shop="lantern", home=_LIN_WAN, items={"CUSHION-LINEN": 1}, acts=(
        (84, partial(Named.ask, reason="NO_REASON")), (110, partial(Named.send, number="SF1388000042041")),
    )),
    # What a program may not pay back alone waits for finance.
    Tale(name="refund-to-release-1", shop="greenwood", home=_MA_LI, items={"DRESS-INDIGO-M": 1}, hours=200, acts=_BACK_FOR_FAULT),
    Tale(name="refund-to-release-2", shop="yunwu", home=_HE_QING, items={"GAIWAN-WHITE": 1}, hours=196, acts=_BACK_FOR_FAULT),
    Tale(name=NAMELESS, shop="lantern", home=_GU_BEI, items={"MUG-CELADON": 1}, acts=(
        (84, partial(Named.ask, reason="NO_REASON")),
    )),
    # Waits for the seller's word; and two in which an offer waits for the buyer's, who may ask the platform by now.
    Tale(name="asked-of-the-seller", shop="lantern", home=_TANG_NING, items={"CUSHION-LINEN": 1}, acts=(
        (120, partial(Named.ask, reason="QUALITY_DEFECT", shows=("spotted_cushion",))),
    )),
    Tale(name="offer-to-answer-1", shop="lantern", home=_YE_ZHOU, items={"THROW-WOOL": 1}, acts=_OFFERED),
    Tale(name="offer-to-answer-2", shop="lantern", home=_JIANG_HE, items={"THROW-WOOL": 1}, acts=_OFFERED),
    # More than a lead may give: a manager's word is waited for.
    Tale(name="lost-lamps", shop="lantern", home=_SHEN_QIU, items={"LAMP-PAPER": 3}, end="dispatched", acts=(
        (60, Named.lose), (62, Named.propose_refund),
    )),
    Tale(name="refund-failed", shop="lantern", home=_MA_LI, items={"THROW-WOOL": 1}, hours=3, end="queued", refund="declined"),
)  # fmt: skip


async def prepare(db: Database, stages: Sequence[Stage]) -> None:
    """What these stories need beside the shops: what customs take."""
    (shop,) = (one for one in stages if one.shop.code == "yunwu")
    await do(db, SYSTEM, pricing.save_taxes, shop.merchant_id, [IMPORT_TAX])


async def stories(db: Database, stages: Sequence[Stage], kept: files.Files) -> list[Named]:
    """Every story with a name."""
    async with db.reading(SYSTEM) as tx:
        now = tx.now
    by_code = {stage.shop.code: stage for stage in stages}
    return [
        Named(db, by_code[tale.shop], tale, placed_at=now - timedelta(hours=tale.hours), kept=kept) for tale in TALES
    ]


async def trouble_refunds(db: Database, told: Sequence[Named]) -> None:
    """Two orders are cancelled whose money does not come back: the provider says no, and the provider says nothing."""
    for story in told:
        if story.tale.refund:
            await payments.sandbox.order_fault(db, "refund", story.tale.refund)
            await do(db, SYSTEM, orders.cancel, story.order_id, reason="changed_mind")
            await worker.settle(db)
        if story.tale.refund == payments.sandbox.Fault.ANSWER_LOST:
            await payments.sandbox.order_fault(
                db, "query_refund", "error_before", number=await _number(db, story.order_id), times=SILENT_FOR
            )


async def _number(db: Database, order_id: int) -> int:
    """Under which number an order's money goes back."""
    async with db.reading(SYSTEM) as tx:
        owed = (await refunds.of_orders(tx, [order_id]))[order_id]
        (sent,) = (one for some in (await payments.sent_back(tx, [one.id for one in owed])).values() for one in some)
    return sent.id


async def leave_at_the_door(db: Database, stages: Sequence[Stage]) -> None:
    """A parcel with no word of whose it is, an empty one, and one with a note of its order in it."""
    for stage, number, grams in ((stages[0], "SF1388000042017", 1280), (stages[2], "SF1388000042025", None)):
        async with db.reading(SYSTEM) as tx:
            house = (await inventory.warehouses_of(tx, stage.merchant_id))[0]
        found = way_back.NewStray(
            merchant_id=stage.merchant_id, warehouse_id=house.id, carrier="sf", tracking_number=number, grams=grams,
            is_empty=grams is None, note="面单残缺,内有一只靠垫" if grams else "空包裹,胶带被重新封过",
        )  # fmt: skip
        await do(db, SYSTEM, way_back.register, found)
    async with db.reading(SYSTEM) as tx:
        shop = stages[0].merchant_id
        (order_id,) = (await orders.by_reference(tx, shop, [f"story-{NAMELESS}"])).values()
        house = (await inventory.warehouses_of(tx, shop))[0]
    await do(db, SYSTEM, way_back.register, way_back.NewStray(
        merchant_id=shop, warehouse_id=house.id, carrier="sf", tracking_number="SF1388000042033", grams=410,
        note=f"无寄件信息,内附字条: {ids.encode('order', order_id)}",
    ))  # fmt: skip
