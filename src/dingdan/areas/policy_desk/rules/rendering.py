"""A policy in plain words, from the document that binds: what is shown is what is applied."""

from collections.abc import Iterator, Sequence

from dingdan.areas import policies
from dingdan.areas.policies import PolicyDocument
from dingdan.areas.policy_desk.model import Place, Returnable, Said, Section
from dingdan.areas.policy_desk.rules import asking, wording
from dingdan.kernel.refusal import Text

# What each place shows, in order.
SHOWN: dict[Place, tuple[str, ...]] = {
    "product": ("returnable", "how_long", "freight", "faults", "money"),
    "checkout": ("returnable", "how_long", "freight", "money"),
    "help": (
        "returnable", "exclusions", "how_long", "how", "evidence", "money", "freight", "faults", "ways_out", "review", "changes",
        "sources",
    ),
}  # fmt: skip


class Product:
    """The product that somebody looks at, as far as policies see it."""

    def __init__(self, document: PolicyDocument, category: str, flags: Sequence[str]) -> None:
        self.goods = policies.Wares(flags, category)
        self.by_law = policies.excluded_by_law(document, category, flags)
        self.asked = policies.confirmation_needed(document, category, flags)
        self.unsealed = policies.excluded_once_unsealed(document, category, flags)

    @property
    def exclusion(self) -> str | None:
        """The exclusion that it falls under, or may fall under."""
        return self.by_law or self.asked or self.unsealed

    @property
    def returnable(self) -> Returnable:
        """Whether it can go back without a reason."""
        if self.by_law:
            return "no"
        return "unless_confirmed" if self.asked else "unless_unsealed" if self.unsealed else "yes"


def sections(document: PolicyDocument, place: Place, product: Product | None = None) -> tuple[Section, ...]:
    """What a place shows; without a product what holds for all."""
    found = []
    for code in SHOWN[place]:
        # What several rules say in the same words is said once.
        said = tuple({one.words: one for one in reversed(tuple(_WRITERS[code](document, product)))}.values())[::-1]
        if said:
            found.append(Section(code, wording.TITLES[code], said))
    return tuple(found)


def _ruled(document: PolicyDocument, words: Text, rule: str | None) -> Said:
    known = document.rules.get(rule or "")
    return Said(words, rule or "", known.article) if known is not None else Said(words)


def _rule(document: PolicyDocument, rule: str | None) -> Iterator[Said]:
    """A rule in its own words."""
    known = document.rules.get(rule or "")
    if known is not None:
        yield Said(Text(known.en, known.zh), rule or "", known.article)


def _returnable(document: PolicyDocument, product: Product | None) -> Iterator[Said]:
    if product is None:
        when = wording.within(document.no_reason.window)
        words = Text(f"Goods can be returned without a reason {when.en}; what is excepted is named.",
                     f"商品{when.zh}可以无理由退货，例外情形另行列明。")  # fmt: skip
        yield _ruled(document, words, document.no_reason.window.rule)
        return
    yield _ruled(document, wording.ANSWERS[product.returnable], product.exclusion or document.no_reason.window.rule)
    yield from _rule(document, product.exclusion)
    if product.exclusion:
        yield _ruled(document, wording.FAULTS_STAY, document.quality.window.rule)


def _exclusions(document: PolicyDocument, _product: Product | None) -> Iterator[Said]:
    for code in (*document.no_reason.excluded, *document.no_reason.excludable_with_confirmation):
        yield from _rule(document, code)
    if document.no_reason.excludable_with_confirmation:
        yield from _rule(document, document.grounds.unconfirmed)


def _how_long(document: PolicyDocument, product: Product | None) -> Iterator[Said]:
    window = document.no_reason.window
    if product is None or product.returnable != "no":
        when = wording.within(window)
        yield _ruled(document, Text(f"Without a reason: {when.en}.", f"无理由退货：{when.zh}。"), window.rule)
        yield _ruled(document, wording.counting(window), window.roll_rule or window.rule)
        if window.untold_months:
            yield _ruled(document, wording.untold(window), window.untold_rule)
        for season in document.seasons:
            name, first, until = season.name, season.bought_from, season.bought_until
            en = f"{name.en}: bought {first} to {until}, returnable until {season.returnable_until}."
            zh = f"{name.zh}：{first} 至 {until} 购买的，可退至 {season.returnable_until}。"
            yield _ruled(document, Text(en, zh), season.rule)
        for one in _conditions(document, product):
            if one.window:
                longer = wording.within(one.window)
                yield _ruled(document, Text(f"Here longer: {longer.en}.", f"该类商品延长：{longer.zh}。"), one.code)
    days = document.send_back_days
    yield Said(
        Text(
            f"Once the return is agreed the goods are to be sent within {days} days.",
            f"退货申请通过后请在{days}日内寄出。",
        )
    )


def _conditions(document: PolicyDocument, product: Product | None) -> Sequence[policies.Condition]:
    """What some goods have besides: of the product those that it falls under, of none all."""
    if product is None:
        return document.conditions
    meant = (one for one in document.conditions if one.goods == policies.AppliesTo() or product.goods.are(one.goods))
    return tuple(meant)


def _how(document: PolicyDocument, _product: Product | None) -> Iterator[Said]:
    process = document.process
    if process is None:
        return
    for n, step in enumerate(process.steps, start=1):
        yield Said(Text(f"{n}. {step.en}", f"{n}. {step.zh}"))
    if process.address is not None:
        yield Said(Text(f"Return address: {process.address.en}", f"退货地址：{process.address.zh}"))
    else:
        yield Said(
            Text(
                "You get the address, the name and the phone number with the yes.",
                "退货地址、联系人和电话随审核通过通知一并提供。",
            )
        )
    if contact := process.contact:
        how = ", ".join(word for word in (contact.phone, contact.email, contact.url) if word)
        en, zh = f"Questions: {contact.name.en} {how}".rstrip(), f"联系方式：{contact.name.zh} {how}".rstrip()
        if contact.hours is not None:
            en, zh = f"{en} ({contact.hours.en})", f"{zh}（{contact.hours.zh}）"
        yield Said(Text(en, zh))


def _evidence(document: PolicyDocument, _product: Product | None) -> Iterator[Said]:
    words = Text(
        "A return without a reason needs neither a reason nor proof.", "无理由退货无需说明理由，也无需提供凭证。"
    )
    yield _ruled(document, words, document.no_reason.window.rule)
    if asked := [wording.EVIDENCE.get(one, Text(one, one)) for one in document.quality.evidence_required]:
        en, zh = " and ".join(one.en for one in asked), "、".join(one.zh for one in asked)
        words = Text(f"If something is wrong with the goods, show it with {en}.", f"商品有问题的，请提供{zh}。")
        yield _ruled(document, words, document.quality.window.rule)
    yield from (Said(one) for one in asking.shots(document))


def _ways_out(document: PolicyDocument, _product: Product | None) -> Iterator[Said]:
    yield from (_ruled(document, words, rule) for words, rule in asking.ways_out(document))


def _money(document: PolicyDocument, _product: Product | None) -> Iterator[Said]:
    refund = document.refund
    start = (
        Text("the goods are back", "收到退回商品")
        if refund.start == "goods_received_at"
        else Text("you tell us", "您提出申请")
    )
    words = Text(
        f"The money goes back within {refund.days} days after {start.en}.", f"自{start.zh}之日起{refund.days}日内退款。"
    )
    yield _ruled(document, words, refund.rule)
    if refund.withhold != "no" and refund.withhold_rule not in (None, refund.rule):
        yield from _rule(document, refund.withhold_rule)
    route = Text("It goes back the way you paid.", "按原支付方式退回。")
    if refund.balance == "with_consent":
        route = Text(
            "It goes back the way you paid; as balance only if you expressly agree.",
            "按原支付方式退回；经您明示同意方可退至余额。",
        )
    yield _ruled(document, route, refund.route_rule)
    for one in refund.arrival:
        days = f"{one.least_days}-{one.most_days}" if one.least_days != one.most_days else str(one.most_days)
        when = (
            Text(f"there after about {days} days", f"约{days}日到账") if one.most_days else Text("at once", "即时到账")
        )
        yield Said(Text(f"{one.way.en}: {when.en}.", f"{one.way.zh}：{when.zh}。"))
    yield from _rule(document, document.no_reason.partial_discount.rule)
    for part in (document.gifts, document.in_kind, document.deposits):
        yield from _rule(document, part.rule if part else None)
    yield from _rule(document, document.deductions.rule if document.deductions else None)


def _freight(document: PolicyDocument, _product: Product | None) -> Iterator[Said]:
    for fault in policies.FAULTS:
        rule = policies.freight_for(document, fault)
        yield _ruled(document, wording.freight(fault, rule), rule.rule)


def _faults(document: PolicyDocument, product: Product | None) -> Iterator[Said]:
    quality = document.quality
    when = wording.within(quality.window)
    yield _ruled(document, Text(f"Return: {when.en}.", f"退货：{when.zh}。"), quality.window.rule)
    yield from _rule(document, quality.late_rule)
    for term in quality.remedies:
        yield _ruled(document, wording.remedy(term), term.window.rule)
    for one in _conditions(document, product):
        for term in one.remedies:
            # Of all goods together the rule says which ones it is about.
            is_meant = product is not None or one.goods == policies.AppliesTo()
            remedy = _ruled(document, wording.remedy(term), term.window.rule)
            yield from [remedy] if is_meant else _rule(document, term.window.rule)
        yield from _rule(document, one.report.rule if one.report else None)
    for proof in (quality.seller_proves, *(one.seller_proves for one in _conditions(document, product))):
        yield from _rule(document, proof.rule if proof else None)
    for part in (document.exchange, document.repair, document.reduction):
        yield from _rule(document, part.rule if part else None)


def _review(document: PolicyDocument, _product: Product | None) -> Iterator[Said]:
    review = document.review
    words = Text(
        f"What a person must look at is answered within {review.target_hours} hours, {review.limit_hours} at the latest.",
        f"需人工审核的申请在{review.target_hours}小时内答复，最迟不超过{review.limit_hours}小时。",
    )
    yield _ruled(document, words, review.rule)
    yield Said(Text(
        "A no names its rule, its reason and something else you can have; a person looks at it again if you ask.",
        "如不同意退货，会说明规则依据、理由和可选方案；您可以要求人工复核。",
    ))  # fmt: skip
    yield from (Said(one) for one in asking.silence(document))


def _changes(document: PolicyDocument, _product: Product | None) -> Iterator[Said]:
    days, years = document.rule_change_notice_days, document.retention_years
    yield Said(Text(
        f"Changes are announced at least {days} days before they apply. An order keeps the version it was placed under;"
        f" older versions stay readable for {years} years at least.",
        f"规则变更至少提前{days}日公示；订单适用下单时的版本；历史版本至少保留{years}年可供查阅。",
    ))  # fmt: skip


def _sources(document: PolicyDocument, _product: Product | None) -> Iterator[Said]:
    if document.disclaimer is not None:
        yield Said(wording.both(document.disclaimer))
    for source in document.sources:
        at = f" {source.url}" if source.url else ""
        yield Said(Text(f"{source.short}: {source.title} (checked {source.checked_on}){at}",
                        f"{source.short}：{source.title}（核对于 {source.checked_on}）{at}"))  # fmt: skip


_WRITERS = {
    "returnable": _returnable, "exclusions": _exclusions, "how_long": _how_long, "how": _how, "evidence": _evidence,
    "money": _money, "freight": _freight, "faults": _faults, "ways_out": _ways_out, "review": _review, "changes": _changes,
    "sources": _sources,
}  # fmt: skip
