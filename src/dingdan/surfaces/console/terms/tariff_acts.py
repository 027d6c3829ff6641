"""What can be done with tariffs: a rule added, changed or taken away, each saving the whole book from what was read."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec

from dingdan.areas import pricing
from dingdan.kernel.refusal import Refusal, Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import typed
from dingdan.surfaces.console.terms import tariff_desk, tariff_form
from dingdan.surfaces.console.terms.tariff_form import FreightForm, Mark, PointsForm, TaxForm
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.pages.doors import act, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import Act, Done, Field, Own
from dingdan.surfaces.shared.pages.who import LedOn
from dingdan.surfaces.shared.wire import Input, MerchantRef

HOLDS = Text("It holds for every price from now on; orders keep theirs.", "保存后立即用于新的报价，已有订单不变。")
GONE = Text("It counts for no price from now on; orders keep theirs.", "移除后不再用于新的报价，已有订单不变。")
Rules = tuple[Any, ...]
# What was typed into a form that was refused, when it is shown again.
Typed = dict[str, list[str]]


class RuleQuery(Input, frozen=True, kw_only=True):
    """Whose, and which rule by its mark; none is a new one."""

    merchant: MerchantRef | None = None
    rule: Mark | None = None


class DropForm(Form, frozen=True, kw_only=True):
    """Which rule, and how all of them stood when it was opened."""

    held: Mark
    rule: Mark


class StopPointsForm(Form, frozen=True, kw_only=True):
    """How it stood when it was opened."""

    held: Mark


NONE = RuleQuery()
COMMANDS: dict[str, Callable[..., Awaitable[None]]] = {
    "freight": pricing.save_freight, "taxes": pricing.save_taxes, "points": pricing.save_points,
}  # fmt: skip


@screen("/prices/freight", permission="price.write")
async def freight(tx: Tx, query: RuleQuery = NONE, typed: Typed | None = None) -> Own:
    """The form of a rule of carriage."""
    book, currency = await _book(tx, query), await tariff_desk.currency_of(tx, query.merchant)
    one = _opened(book.freight, query, typed)
    groups = tariff_form.freight_fields(one, currency)
    return _form(query, "freight", book.freight, one, kind=Text("Carriage", "运费规则"), groups=groups)


@act("/prices/freight", permission="price.write", screen=freight)
async def save_freight(tx: Tx, form: FreightForm, query: RuleQuery = NONE) -> Done:
    """Add a rule of carriage, or put it in the place of the one that was opened."""
    held, wrong = await _held(tx, query, "freight", form.held), list[Refusal]()
    one = tariff_form.freight_of(form, wrong)
    return await _save(tx, query, "freight", _with(held, query.rule, one), held=held, wrong=wrong)


@act("/prices/freight/drop", permission="price.write")
async def drop_freight(tx: Tx, form: DropForm, query: RuleQuery = NONE) -> Done:
    """Take a rule of carriage away."""
    held = await _held(tx, query, "freight", form.held)
    return await _save(tx, query, "freight", _without(held, form.rule), held=held)


@screen("/prices/taxes", permission="price.write")
async def taxes(tx: Tx, query: RuleQuery = NONE, typed: Typed | None = None) -> Own:
    """The form of a tax rate."""
    book = await _book(tx, query)
    one = _opened(book.taxes, query, typed)
    return _form(query, "taxes", book.taxes, one, kind=Text("Tax", "税率"), groups=tariff_form.tax_fields(one))


@act("/prices/taxes", permission="price.write", screen=taxes)
async def save_taxes(tx: Tx, form: TaxForm, query: RuleQuery = NONE) -> Done:
    """Add a tax rate, or put it in the place of the one that was opened."""
    held, wrong = await _held(tx, query, "taxes", form.held), list[Refusal]()
    one = tariff_form.tax_of(form, wrong)
    return await _save(tx, query, "taxes", _with(held, query.rule, one), held=held, wrong=wrong)


@act("/prices/taxes/drop", permission="price.write")
async def drop_taxes(tx: Tx, form: DropForm, query: RuleQuery = NONE) -> Done:
    """Take a tax rate away."""
    held = await _held(tx, query, "taxes", form.held)
    return await _save(tx, query, "taxes", _without(held, form.rule), held=held)


@screen("/prices/points", permission="price.write")
async def points(tx: Tx, query: RuleQuery = NONE) -> Own:
    """The form of what points are worth."""
    book, currency = await _book(tx, query), await tariff_desk.currency_of(tx, query.merchant)
    groups = tariff_form.points_fields(book.points, currency)
    return _form(query, "points", book.points, book.points, kind=Text("Points", "积分抵扣"), groups=groups)


@act("/prices/points", permission="price.write", screen=points)
async def save_points(tx: Tx, form: PointsForm, query: RuleQuery = NONE) -> Done:
    """Say what points are worth."""
    held, wrong = await _held(tx, query, "points", form.held), list[Refusal]()
    return await _save(tx, query, "points", tariff_form.points_of(form, wrong), held=held, wrong=wrong)


@act("/prices/points/drop", permission="price.write")
async def drop_points(tx: Tx, form: StopPointsForm, query: RuleQuery = NONE) -> Done:
    """Take no points any more."""
    held = await _held(tx, query, "points", form.held)
    return await _save(tx, query, "points", None, held=held)


async def _book(tx: Tx, query: RuleQuery) -> pricing.Book:
    return await pricing.tariff(tx, await scope.merchant_filter(tx, query.merchant))


async def _held(tx: Tx, query: RuleQuery, part: str, mark: str) -> Any:
    """The rules as they stand. Raises TariffMoved where somebody has read others."""
    held = getattr(await _book(tx, query), part)
    if mark and mark != typed.mark_of(held):
        raise pricing.TariffMoved
    return held


def _chosen(held: Sequence[Any], mark: str | None) -> Any:
    """The rule that was opened, or nothing for a new one. Raises TariffMoved where it is gone."""
    if mark is None:
        return None
    found = next((one for one in held if typed.mark_of(one) == mark), None)
    if found is None:
        raise pricing.TariffMoved
    return found


def _opened(held: Sequence[Any], query: RuleQuery, typed: Typed | None) -> Any:
    """The rule that was opened; nothing where it is gone, so that what was typed into it is shown all the same."""
    try:
        return _chosen(held, query.rule)
    except pricing.TariffMoved as moved:
        if typed is not None:
            return None
        raise LedOn(moved, tariff_desk.href("", query.merchant)) from None


def _with(held: Rules, mark: str | None, one: Any) -> Rules:
    before = _chosen(held, mark)
    if before is None:
        return (*held, one)
    # Names in other languages than ours stay.
    one = msgspec.structs.replace(
        one, name={**{tag: text for tag, text in before.name.items() if tag not in ("zh", "en")}, **one.name}
    )
    return tuple(one if each is before else each for each in held)


def _without(held: Rules, mark: str) -> Rules:
    gone = _chosen(held, mark)
    return tuple(each for each in held if each is not gone)


async def _save(
    tx: Tx, query: RuleQuery, part: str, rules: Any, *, held: Any, wrong: Sequence[Refusal] = ()
) -> Done:  # fmt: skip
    """Save the whole of it by the API's own command. Raises all that is wrong, also what could not be read."""
    owner = await scope.merchant_filter(tx, query.merchant)
    with typed.at_fields(tariff_form.FIELDS, wrong):
        await COMMANDS[part](tx, owner, rules, instead_of=held)
    return Done(text=Text("Holds from now on", "已生效"), to=tariff_desk.href("", query.merchant))


def _form(
    query: RuleQuery, part: str, held: Any, one: Any, *, kind: Text, groups: list[tuple[Text, list[Field]]]
) -> Own:  # fmt: skip
    mark = typed.mark_of(held)
    rule = {"rule": query.rule} if query.rule else {}
    drop = [Act(
        "drop", Text("Take away", "移除"), tariff_desk.href(f"/{part}/drop", query.merchant), tone="danger", warns=GONE,
        fields=[Field(name, kind, "hidden", value=word) for name, word in (("held", mark), *rule.items())],
    )] if one is not None else []  # fmt: skip
    title = (
        kind
        if part == "points"
        else Text("Change a rule", "修改规则")
        if query.rule
        else Text("Add a rule", "新增规则")
    )
    return Own(title=title, template="form.html", data={
        "kind": kind if part != "points" else Text("Carriage, taxes and points", "运费、税率与积分"),
        "href": tariff_desk.href(f"/{part}", query.merchant, **rule), "back": tariff_desk.href("", query.merchant),
        "groups": groups, "hidden": [("held", mark)], "warns": HOLDS, "button": Text("Save", "保存"), "acts": drop,
    })  # fmt: skip


ROUTES = [freight, save_freight, drop_freight, taxes, save_taxes, drop_taxes, points, save_points, drop_points]
