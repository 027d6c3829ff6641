"""What a confirmation says, field by field, as people read it: every value comes from the snapshot and nowhere else."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from dingdan.areas import identity
from dingdan.areas.notifications.model import Facts, Line
from dingdan.areas.notifications.occasions import Occasion
from dingdan.kernel.address import Address
from dingdan.kernel.money import decimal_string

Words = Mapping[str, Any]

# As long as there is something to pay.
_OWED = frozenset({Occasion.RECEIVED, Occasion.PAYMENT_FAILED, Occasion.DEPOSIT_PAID, Occasion.BALANCE_OPENED})


class Field(msgspec.Struct, frozen=True):
    """One field of a message: its name in the snapshot, what people call it, and what it says."""

    name: str
    label: str
    value: str


class LineFields(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a message. `note` says that it cannot come back, where the buyer confirmed that."""

    line_no: int
    sku: str
    title: str
    quantity: str
    unit_price: str
    goods: str
    note: str


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """A confirmation as it is put into a template."""

    number: str
    seller: str
    head: list[Field]
    lines: list[LineFields]
    sums: list[Field]
    rest: list[Field]

    def value(self, name: str) -> str:
        """One field; empty where the message has none of that name."""
        found = (field.value for field in (*self.head, *self.sums, *self.rest) if field.name == name)
        return next(found, "")


def spoken(facts: Facts, contact: identity.Contact | None, words: Words, language: str, *, mark: str = "") -> Spoken:
    """The fields of a confirmation in one language; `mark` is its hash, in hex."""
    names = words["labels"]
    seller = in_language(facts.seller.name, language)

    def some(pairs: Sequence[tuple[str, str | None]]) -> list[Field]:
        return [Field(name, names[name], value) for name, value in pairs if value]

    return Spoken(
        number=facts.number,
        seller=seller,
        head=some([
            ("number", facts.number), ("seller", seller), ("reference", facts.reference),
            ("placed_at", _moment(facts.placed_at, facts)),
        ]),
        lines=[_line(line, facts, words, language) for line in facts.lines],
        sums=some(_sums(facts)),
        rest=some([
            *_trouble(facts, words, language),
            *_back(facts, words, language),
            *_withdrawn(facts, words),
            *_disputed(facts, words, language),
            ("invoice", _paper(facts)),
            *_payment(facts, words),
            *_presale(facts, words),
            *_recipient(contact),
            ("ship_by", _moment(facts.promise.ship_by, facts) if facts.promise else None),
            ("arrive_by", _moment(facts.promise.arrive_by, facts) if facts.promise else None),
            ("next_update_by", _moment(facts.next_update_by, facts)),
            ("cancel_reason", _named(words, "reasons", facts.cancel_reason)),
            ("policy", f"{facts.policy.code} {facts.policy.version}" if facts.policy else None),
            ("version", str(facts.version)), ("hash", mark),
        ]),
    )  # fmt: skip


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The words of a map by language tag: as asked, the same tongue, English, or whichever there are."""
    tongue = language.partition("-")[0]
    wanted = (language, tongue, *(tag for tag in texts if tag.partition("-")[0] == tongue), "en", *texts)
    return next((texts[tag] for tag in wanted if texts.get(tag)), "")


def money(amount: int, currency: str) -> str:
    """An amount as people read it: 388.70 CNY."""
    return f"{decimal_string(amount, currency)} {currency}"


def _sums(facts: Facts) -> list[tuple[str, str | None]]:
    sums = facts.amounts

    def text(amount: int, *, always: bool = False) -> str | None:
        return money(amount, sums.currency) if amount or always else None

    return [
        ("goods", text(sums.goods, always=True)), ("discount", text(sums.discount)),
        ("freight", text(sums.freight, always=True)), ("tax", text(sums.tax)), ("total", text(sums.total, always=True)),
        ("refunded", text(sums.refunded)),
    ]  # fmt: skip


def _payment(facts: Facts, words: Words) -> list[tuple[str, str | None]]:
    if facts.occasion in _OWED:
        failed = next((one.failure for one in facts.payments if one.failure), None)
        return [
            ("failure", _named(words, "failures", failed)),
            ("payment", words["owed"]),
            ("pay_by", _moment(facts.pay_by, facts)),
        ]
    ways = [_named(words, "methods", f"{one.provider}.{one.method}") or "" for one in facts.payments]
    return [
        ("payment", words["and"].join(ways) or (words["nothing_to_pay"] if not facts.amounts.total else None)),
        ("paid_at", _moment(facts.paid_at, facts)), ("verdict_by", _moment(facts.verdict_by, facts)),
        ("receive_by", _moment(facts.receive_by, facts)), ("objecting", words["objecting"] if facts.receive_by else None),
    ]  # fmt: skip


def _presale(facts: Facts, words: Words) -> list[tuple[str, str | None]]:
    sold, currency = facts.presale, facts.amounts.currency
    if sold is None:
        return []

    def text(amount: int | None) -> str | None:
        return money(amount, currency) if amount else None

    return [
        ("deposit", text(sold.deposit)), ("balance", text(sold.balance)),
        ("balance_from", _moment(sold.balance_from, facts)), ("balance_until", _moment(sold.balance_until, facts)),
        ("deposit_rule", words["earnest"] if sold.earnest else words["advance"]),
        ("kept", text(sold.kept)), ("penalty", text(sold.penalty)),
    ]  # fmt: skip


def _paper(facts: Facts) -> str | None:
    """The number of the invoice that this is about."""
    is_about = facts.occasion is Occasion.INVOICE_ISSUED and not isinstance(facts.which, msgspec.UnsetType)
    return str(facts.which) if is_about else None


def _trouble(facts: Facts, words: Words, language: str) -> list[tuple[str, str | None]]:
    """The case that this is about: its number, the plan, and until when who is heard of."""
    one = facts.trouble
    if isinstance(one, msgspec.UnsetType):
        return []
    return [
        ("case", one.number), ("case_kind", in_language({"en": one.en, "zh": one.zh}, language)),
        ("plan", _named(words, "plans", one.plan)), ("closure", _named(words, "closures", one.closure)),
        ("answer_by", _moment(one.answer_by, facts)), ("next_update_at", _moment(one.next_update_at, facts)),
    ]  # fmt: skip


def _back(facts: Facts, words: Words, language: str) -> list[tuple[str, str | None]]:
    """The return that this is about: what was decided by which rule, what can be done instead, and until when."""
    one = facts.back
    if isinstance(one, msgspec.UnsetType):
        return []
    rule = in_language({"en": one.rule_en or "", "zh": one.rule_zh or ""}, language)
    offered = _named(words, "offers", one.offered)
    if offered and one.amount:
        offered += f" {money(one.amount, facts.amounts.currency)}"
    appeal = words["appeal"].format(days=one.appeal_days) if one.appeal_days is not None else None
    instead = words["or"].join(_named(words, "alternatives", code) or "" for code in one.alternatives)
    return [
        ("return", one.number), ("resolution", _named(words, "resolutions", one.resolution)),
        ("refusal", _named(words, "refusals", one.reason)), ("rule", f"{rule} ({one.rule})" if one.rule else None),
        ("alternatives", instead or None), ("appeal", appeal), ("offer", offered),
        ("offer_by", _moment(one.offer_by, facts)), ("answer_by", _moment(one.answer_by, facts)),
        ("send_by", _moment(one.send_by, facts)),
    ]  # fmt: skip


def _withdrawn(facts: Facts, words: Words) -> list[tuple[str, str | None]]:
    """The withdrawal that this acknowledges: its content, its date and its time."""
    one = facts.withdrawn
    if isinstance(one, msgspec.UnsetType):
        return []
    units = words["and"].join(words["withdrawn_line"].format(line=line, units=n) for line, n in one.lines.items())
    return [
        ("withdrawal", one.number), ("withdrawn", units or words["withdrawn_all"]),
        ("stated_at", _moment(one.stated_at, facts)), ("confirmed_at", _moment(one.confirmed_at, facts)),
    ]  # fmt: skip


def _disputed(facts: Facts, words: Words, language: str) -> list[tuple[str, str | None]]:
    """The dispute that this is about: what is to be shown, what was ruled by which rules, and who does what until when."""
    one = facts.disputed
    if isinstance(one, msgspec.UnsetType):
        return []
    show = in_language(one.show, language)
    rules = [f"{in_language(said, language)} ({rule})" for rule, said in one.rules.items()]
    return [
        ("dispute", one.number), ("issue", _named(words, "issues", one.issue)),
        ("show", show or None), ("show_by", _moment(one.show_by, facts)), ("rule_by", _moment(one.rule_by, facts)),
        ("ruled", words["semicolon"].join(_ruled(line, facts, words) for line in one.lines) or None),
        ("fault", _named(words, "at_fault", one.fault)), ("rules", words["semicolon"].join(rules) or None),
        ("executor", _named(words, "executors", one.executor)), ("do_by", _moment(one.do_by, facts)),
        ("done_by", _named(words, "executors", one.done_by)), ("appeal_by", _moment(one.appeal_by, facts)),
        ("still_for", _named(words, "still_for", one.still_for)), ("still_until", _moment(one.still_until, facts)),
    ]  # fmt: skip


def _ruled(line: Sequence[int | str], facts: Facts, words: Words) -> str:
    line_no, units, outcome, amount = line
    off = f" {money(int(amount), facts.amounts.currency)}" if amount else ""
    return (
        f"{words['withdrawn_line'].format(line=line_no, units=units)}{words['colon']}{words['outcomes'][outcome]}{off}"
    )


def _recipient(contact: identity.Contact | None) -> list[tuple[str, str | None]]:
    at = contact.address if contact else None
    if at is None:
        return []
    return [("recipient", f"{at.name} {at.phone}".strip()), ("address", address_line(at))]


def address_line(at: Address) -> str:
    """An address on one line, large to small in China and small to large elsewhere."""
    if at.country == "CN":
        # A municipality is its own province.
        parts = dict.fromkeys((at.province, at.city, at.district, at.detail))
        return "".join(part for part in parts if part) + (f" {at.postcode}" if at.postcode else "")
    place = " ".join(part for part in (at.postcode, at.city) if part)
    return ", ".join(part for part in (at.detail, at.district, place, at.province, at.country) if part)


def _line(line: Line, facts: Facts, words: Words, language: str) -> LineFields:
    currency = facts.amounts.currency
    notes = [words["not_returnable"].format(version=line.not_returnable)] if line.not_returnable else []
    notes += [words["units_cancelled"].format(units=line.cancelled)] if line.cancelled else []
    return LineFields(
        line_no=line.line_no, sku=line.sku, title=in_language(line.title, language), quantity=str(line.quantity),
        unit_price=money(line.unit_price, currency), goods=money(line.goods, currency),
        note=" ".join(notes),
    )  # fmt: skip


def _moment(text: str | None, facts: Facts) -> str | None:
    """A moment in the seller's zone, with how far that is from UTC."""
    if text is None:
        return None
    local = datetime.fromisoformat(text).astimezone(ZoneInfo(facts.seller.zone))
    return f"{local:%Y-%m-%d %H:%M} (UTC{local:%z})"


def _named(words: Words, table: str, code: str | None) -> str | None:
    """The words for a code; the code itself where nobody gave it any."""
    if code is None:
        return None
    found: str = words[table].get(code, code)
    return found
