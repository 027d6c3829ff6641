"""Carriers written down: registered, changed, and their licences entered, with all that is wrong at the fields."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from dingdan.areas import carriers
from dingdan.kernel.refusal import Refusal, Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing, typed
from dingdan.surfaces.console.platform import carrier_desk
from dingdan.surfaces.console.platform.carrier_desk import CarrierQuery
from dingdan.surfaces.shared import rows, scope
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import act, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import Done, Field, Own
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Input, MerchantRef, Short, Word

Said = Annotated[str, Meta(max_length=200)]
Listed = Annotated[str, Meta(max_length=10_000)]
Mark = Annotated[str, Meta(max_length=16)]
ZONE = "Asia/Shanghai"
# What the command says of a part, by the field that it was typed into.
FIELDS = {
    "name": "name_zh", **{f"contact.{part}": f"contact_{part}" for part in ("name", "phone", "email")},
    "licences": "licence_number", "licences.number": "licence_number", "licences.issuer": "licence_issuer",
    "licences.valid_until": "licence_until", "licences.zone": "licence_zone",
}  # fmt: skip


class LicenceForm(Form, frozen=True, kw_only=True):
    """A licence to carry for others: its first and its last day."""

    licence_number: Said = ""
    licence_issuer: Said = ""
    licence_from: Said = ""
    licence_until: Said = ""
    licence_zone: Said = ZONE


class ChangeCarrierForm(Form, frozen=True, kw_only=True):
    """A carrier as it shall be, and how it stood when it was opened."""

    held: Mark = ""
    name_zh: Said = ""
    name_en: Said = ""
    services: Listed = ""
    regions: Listed = ""
    contact_name: Short = ""
    contact_phone: Short = ""
    contact_email: Short = ""
    active: bool = False
    auto_suspend: bool = False


class CarrierForm(ChangeCarrierForm, frozen=True, kw_only=True):
    """A carrier that is not registered yet, and its licence."""

    merchant: MerchantRef | None = None
    code: Said = ""
    licence_number: Said = ""
    licence_issuer: Said = ""
    licence_from: Said = ""
    licence_until: Said = ""
    licence_zone: Said = ZONE


class LicenceQuery(CarrierQuery, frozen=True, kw_only=True):
    """Which licence, by its number; none is a new one."""

    number: Word | None = None


class NewQuery(Input, frozen=True, kw_only=True):
    """For whom it is registered."""

    merchant: MerchantRef | None = None


SAVE = Text("Save", "保存")
NEW, NO_LICENCE = NewQuery(), LicenceQuery()


@screen("/register/carrier", permission="carrier.write")
async def new(tx: Tx, query: NewQuery = NEW) -> Own:
    """The form of a carrier that is not registered yet."""
    shops = await choosing.merchants_to_choose(tx)
    whose = [
        Field(
            "merchant",
            Text("Merchant (none: all of them)", "商家（不选为全平台通用）"),
            "choice",
            options=shops,
            value=query.merchant or "",
            is_needed=False,
        )
    ]
    title, (names, rest) = Text("Register a carrier", "登记承运商"), _fields(None)
    return _form(title, Text("Carriers", "承运商"), "/register/carrier", "/carriers", [
        (names[0], [*(whose if shops else []), Field("code", Text("Code", "编码"), hint=Text("As orders and files name it: sf", "订单和文件中使用的编码，如 sf"), longest=64), *names[1]]),
        *rest, (Text("Its licence", "经营许可"), _licence(None, is_needed=False)),
    ], button=Text("Register", "登记"))  # fmt: skip


@act("/register/carrier", permission="carrier.write", screen=new)
async def register(tx: Tx, form: CarrierForm) -> Done:
    """Register a carrier with its licence; whoever names no merchant, and reaches all, does so for all."""
    owner = await scope.merchant_filter(tx, form.merchant, "merchant")
    is_licensed = any((form.licence_number, form.licence_issuer, form.licence_from, form.licence_until))
    await _save(tx, _wanted(form, owner, form.code, {}), licence=form if is_licensed else None, is_first=True)
    return Done(text=Text("Carrier registered", "承运商已登记"), to=carrier_desk.href(form.code, owner))


@screen("/carriers/{code}/edit", permission="carrier.write")
async def edit(tx: Tx, code: Word, query: CarrierQuery) -> Own:
    """The form of a carrier as it stands."""
    one = await _own(tx, query.merchant, code)
    first, rest = _fields(one)
    return _form(naming.in_tongues(one.name), Text("Change a carrier", "修改承运商"), carrier_desk.href(one.code, one.merchant_id, "/edit"),
                 carrier_desk.href(one.code, one.merchant_id), [first, *rest], held=typed.mark_of(one))  # fmt: skip


@act("/carriers/{code}/edit", permission="carrier.write", screen=edit)
async def change(tx: Tx, code: Word, query: CarrierQuery, form: ChangeCarrierForm) -> Done:
    """Say anew all that is said of it; its licences stay."""
    one = await _own(tx, query.merchant, code)
    if form.held and form.held != typed.mark_of(one):
        raise carriers.CarrierMoved(code=one.code)
    await _save(tx, _wanted(form, one.merchant_id, one.code, one.name), instead_of=one)
    return Done(text=Text("Carrier saved", "承运商已保存"), to=carrier_desk.href(one.code, one.merchant_id))


@screen("/carriers/{code}/licence", permission="carrier.write")
async def licence(tx: Tx, code: Word, query: LicenceQuery) -> Own:
    """The form of a licence: a new one, or one of the carrier's by its number."""
    one = await _own(tx, query.merchant, code)
    held = (await carriers.licences_of(tx, [one.id]))[one.id]
    known = next((each for each in held if each.number == query.number), None)
    return _form(naming.in_tongues(one.name), Text("A licence", "经营许可"), carrier_desk.href(one.code, one.merchant_id, "/licence"),
                 carrier_desk.href(one.code, one.merchant_id), [(Text("Its licence", "经营许可"), _licence(known))],
                 warns=Text("A number that is known is changed; every other licence stays.", "许可证号已登记的将被更新，其他许可不变。"))  # fmt: skip


@act("/carriers/{code}/licence", permission="carrier.write", screen=licence)
async def enter(tx: Tx, code: Word, form: LicenceForm, query: LicenceQuery = NO_LICENCE) -> Done:
    """Enter a licence, or change the one with this number."""
    one = await _own(tx, query.merchant, code)
    wanted = carriers.SaveCarrier(
        merchant_id=one.merchant_id, code=one.code, name=one.name, services=one.services, regions=one.regions, active=one.active,
        contact=one.contact, auto_suspend=one.auto_suspend,
    )  # fmt: skip
    await _save(tx, wanted, licence=form, instead_of=one)
    return Done(text=Text("Licence entered", "许可已登记"), to=carrier_desk.href(one.code, one.merchant_id))


async def _own(tx: Tx, merchant: str | None, code: str) -> carriers.Carrier:
    """A carrier that is who asks' own to write: whom to call at the platform's is not for merchants. Raises CarrierUnknown."""
    one = await carrier_desk.meant(tx, merchant, code)
    if not carrier_desk.writes(tx, one):
        raise carriers.CarrierUnknown("path.code", code=code)
    return one


def _wanted(form: ChangeCarrierForm, owner: int | None, code: str, names: dict[str, str]) -> carriers.SaveCarrier:
    """What the form comes to; names in other languages than ours stay."""
    name = {**names, "zh": form.name_zh, "en": form.name_en}
    contact = carriers.Contact(form.contact_name, form.contact_phone, form.contact_email)
    return carriers.SaveCarrier(
        merchant_id=owner, code=code, name={tag: text for tag, text in name.items() if text}, services=typed.words_of(form.services),
        regions=typed.words_of(form.regions), active=form.active, contact=None if contact == carriers.Contact() else contact,
        auto_suspend=form.auto_suspend,
    )  # fmt: skip


async def _save(
    tx: Tx,
    wanted: carriers.SaveCarrier,
    *,
    licence: LicenceForm | CarrierForm | None = None,
    is_first: bool = False,
    instead_of: carriers.Carrier | None = None,
) -> None:
    """Save it by the API's own command. Raises all that is wrong, also where a day of the licence is none."""
    wrong: list[Refusal] = []
    if licence is not None:
        days = [_day(licence.licence_from, "licence_from", wrong), _day(licence.licence_until, "licence_until", wrong)]
        if not wrong:
            zone = licence.licence_zone or ZONE
            entered = carriers.Licence(
                number=licence.licence_number,
                issuer=licence.licence_issuer,
                valid_from=days[0],
                valid_until=days[1],
                zone=zone,
            )
            wanted = msgspec.structs.replace(wanted, licences=(entered,))
    wanted = msgspec.structs.replace(wanted, is_first=is_first, instead_of=instead_of)
    with typed.at_fields(FIELDS, wrong), rows.one_of_a_set():
        await carriers.save_carriers(tx, [wanted])


def _day(text: str, path: str, wrong: list[Refusal]) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        wrong.append(Malformed(path, what="not a date", what_zh="不是有效的日期"))
        return date.min


def _form(
    title: Text, kind: Text, href: str, back: str, groups: list[tuple[Text, list[Field]]], *,
    held: str = "", warns: Text | None = None, button: Text = SAVE,
) -> Own:  # fmt: skip
    return Own(title=title, template="form.html", data={
        "kind": kind, "href": href, "back": back, "groups": groups, "hidden": [("held", held)] if held else [], "warns": warns, "button": button,
    })  # fmt: skip


Group = tuple[Text, list[Field]]


def _fields(one: carriers.Carrier | None) -> tuple[Group, list[Group]]:
    """What is said of a carrier: what it is called, and the rest."""
    name = one.name if one else {}
    contact = (one.contact if one else None) or carriers.Contact()
    return (Text("What it is called", "名称"), [
        Field("name_zh", Text("Name in Chinese", "中文名称"), value=name.get("zh"), longest=200, is_needed=False),
        Field("name_en", Text("Name in English", "英文名称"), value=name.get("en"), longest=200, is_needed=False,
              hint=Text("At least one of the two", "中英文至少填写一项")),
    ]), [
        (Text("What it does", "服务"), [
            Field("services", Text("Services", "服务"), value=", ".join(one.services) if one else "standard", longest=1_000,
                  hint=Text("Codes of small letters: standard, express", "小写字母代码，如 standard、express")),
            Field("regions", Text("Serves", "服务区域"), "prose", value=", ".join(one.regions) if one else None, is_needed=False, longest=10_000,
                  hint=Text("Countries and regions: CN, CN-33, HK. Empty: everywhere", "国家或地区代码：CN、CN-33、HK；留空为全部地区")),
            Field("active", Text("In use", "启用"), "check", value=one.active if one else True,
                  hint=Text("A carrier that is not in use gets no parcels", "停用后不再分配包裹")),
            Field("auto_suspend", Text("An E suspends it by itself", "评级为 E 时自动暂停"), "check", value=one.auto_suspend if one else False),
        ]),
        (Text("Whom to call", "联系人"), [
            Field(f"contact_{part}", text, value=getattr(contact, part) or None, is_needed=False, longest=100)
            for part, text in (("name", Text("Name", "姓名")), ("phone", Text("Phone", "电话")), ("email", Text("E-mail", "邮箱")))
        ]),
    ]  # fmt: skip


def _licence(one: carriers.Licence | None, *, is_needed: bool = True) -> list[Field]:
    return [
        Field("licence_number", Text("Number", "许可证号"), value=one.number if one else None, longest=64, is_needed=is_needed),
        Field("licence_issuer", Text("Issued by", "发证机关"), value=one.issuer if one else None, longest=200, is_needed=is_needed),
        Field("licence_from", Text("Valid from", "有效期起"), "date", value=one.valid_from if one else None, is_needed=is_needed),
        Field("licence_until", Text("Valid until, that day included", "有效期止（含当日）"), "date", value=one.valid_until if one else None, is_needed=is_needed),
        Field("licence_zone", Text("Days of the time zone", "所属时区"), value=one.zone if one else ZONE, longest=64, is_needed=False),
    ]  # fmt: skip


ROUTES = [new, register, edit, change, licence, enter]
