"""What every page of the console has around it: counts beside the desks, the command bar, live news, language and theme."""

from typing import Annotated, Any
from urllib.parse import parse_qsl

from litestar import Response
from msgspec import Meta

from dingdan.areas import desks, identity, returns
from dingdan.kernel import ids
from dingdan.kernel.refusal import Text
from dingdan.overviews import desk_counts, finding
from dingdan.overviews.finding import Found
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.rail import RAIL, Item
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import live, rendering, who
from dingdan.surfaces.shared.pages.doors import act, frame_of, itself, page_response
from dingdan.surfaces.shared.pages.forms import Form, as_form, read
from dingdan.surfaces.shared.pages.screens import Done

TOUR = Item("tour", Text("Start the tour", "开始导览"), "/tour", "signed_in")
# A name may have two characters.
SHORTEST, LONGEST = 2, 100
Path = Annotated[str, Meta(max_length=200, pattern=r"^/[a-z][a-z/_-]*$")]


class Wish(Form, frozen=True, kw_only=True):
    """What somebody looks for: often a name or a phone number, so it comes in a form and stands in no address (S-30)."""

    q: Annotated[str, Meta(max_length=1_000)] = ""


class Choice(Form, frozen=True, kw_only=True):
    """A language or a theme."""

    to: str


class ViewForm(Form, frozen=True, kw_only=True):
    """A view of a list to keep: its address, its filters as they stand in the address, and a name."""

    path: Path
    query: Annotated[str, Meta(max_length=2_000)] = ""
    name: Annotated[str, Meta(max_length=100)] = ""
    is_shared: bool = False


class DropForm(Form, frozen=True, kw_only=True):
    """A kept view to let go of."""

    path: Path
    view: Annotated[int, Meta(ge=1)]


@act("/views/keep", permission="signed_in")
async def keep_view(tx: Tx, form: ViewForm) -> Done:
    """Keep a view of a list."""
    query = dict(parse_qsl(form.query.removeprefix("?")))
    await desks.keep_view(tx, desks.KeepView(form.path, form.name, query, form.is_shared))
    return Done(text=Text("View saved", "视图已保存"), to=form.path + form.query)


@act("/views/drop", permission="signed_in")
async def drop_view(tx: Tx, form: DropForm) -> Done:
    """Let go of a kept view."""
    await desks.drop_view(tx, form.view)
    return Done(text=Text("View dropped", "视图已删除"), to=form.path)


@itself("GET", "/badges", permission="signed_in")
async def badges(ask: Ask) -> Response[str]:
    """The counts beside the desks; red where something is late."""
    seen = [item.name for group in RAIL for item in group.items if ask.actor.may(item.permission)]
    async with ask.db.reading(ask.actor) as tx:
        found = await desk_counts.waiting(tx, seen)
        frame = frame_of(ask.request, tx.now)
    return page_response(rendering.draw("badges.html", frame, found=found, most=desk_counts.MOST))


@itself("POST", "/find", permission="signed_in")
async def find(ask: Ask) -> Response[str]:
    """What fits what was typed: things within reach, and desks by their names."""
    wish: Wish = as_form(Wish, (await read(ask.request)).words)
    said = wish.q.strip()[:LONGEST]
    async with ask.db.reading(ask.actor) as tx:
        found = await _found(tx, said) if len(said) >= SHORTEST and ask.actor.may("order.read") else []
        frame = frame_of(ask.request, tx.now)
    folded = said.casefold()
    known = [item for group in RAIL for item in group.items] + ([TOUR] if frame.is_sandbox else [])
    places = [
        item for item in known
        if (item is TOUR or ask.actor.may(item.permission)) and (folded in item.text.en.casefold() or folded in item.text.zh)
    ]  # fmt: skip
    things = [(one, f"/{one.kind}s/{ids.encode(one.kind, one.id)}", ids.encode(one.kind, one.id)) for one in found]
    return page_response(rendering.draw("found.html", frame, things=things, desks=places[:8], said=said))


async def _found(tx: Tx, said: str) -> list[Found]:
    numbers = [number for kind in ("order", "return") if (number := ids.decode(kind, said)) is not None]
    found = await finding.by_number(tx, numbers) if numbers else []
    found += await finding.by_reference(tx, said) + await finding.by_tracking(tx, said)
    # A parcel on its way back has a waybill too.
    if back := [one.id for one in await returns.in_parcel(tx, said)]:
        found += await finding.by_number(tx, back)
    if not found and tx.actor.may("order.read_contact"):
        reach = await finding.merchants_within(tx, tx.actor.merchant_id)
        people = await identity.find_people(tx, reach, said)
        found = await finding.by_contacts(tx, [(one.buyer_id, one.contact_id) for one in people], "person")
    return list({(one.kind, one.id): one for one in found}.values())


@itself("GET", "/live", permission="signed_in")
async def news(ask: Ask) -> Any:
    """What changes, as it changes."""
    return live.stream(ask.request)


@itself("POST", "/language", why_open="which language somebody reads is no secret")
async def language(ask: Ask) -> Response[None]:
    """Show everything in the other language from now on."""
    return await _kept(ask, who.LANGUAGE, ("en", "zh"))


@itself("POST", "/theme", why_open="how bright somebody likes it is no secret")
async def theme(ask: Ask) -> Response[None]:
    """Show everything light, dark, or as the system does."""
    return await _kept(ask, who.THEME, ("light", "dark", "auto"))


async def _kept(ask: Ask, name: str, known: tuple[str, ...]) -> Response[None]:
    wanted: Choice = as_form(Choice, (await read(ask.request)).words)
    answer: Response[None] = Response(None, status_code=303, headers={"Location": who.page_of(ask.request)})
    if wanted.to in known:
        answer.set_cookie(who.cookie(ask.request, name, wanted.to, seconds=who.YEAR))
    return answer


ROUTES = [keep_view, drop_view, badges, find, news, language, theme]
