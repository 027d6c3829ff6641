"""Coming to an order: by the link of a message, or by its number, an e-mail address and the code that goes there."""

from typing import Annotated, Any

from litestar import Response
from msgspec import Meta

from dingdan.areas import access
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal, Text
from dingdan.plumbing.doing import do
from dingdan.surfaces.portal import pages
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import who
from dingdan.surfaces.shared.pages.doors import itself, shown
from dingdan.surfaces.shared.pages.forms import Form, as_form, read
from dingdan.surfaces.shared.pages.screens import Field
from dingdan.surfaces.shared.wire import Input

TITLE = Text("Find your order", "查找订单")
OPEN = "whoever has no link yet comes here, and learns nothing about which orders exist"


class FindQuery(Input, frozen=True, kw_only=True):
    """Which order somebody wanted to see."""

    order: Annotated[str, Meta(max_length=64)] = ""


class FindForm(Form, frozen=True, kw_only=True):
    """The number of an order, and the address that was given with it."""

    order: Annotated[str, Meta(min_length=1, max_length=64)]
    email: Annotated[str, Meta(min_length=3, max_length=320)]


class GuestCodeForm(Form, frozen=True, kw_only=True):
    """The code that came."""

    order: Annotated[str, Meta(min_length=1, max_length=64)]
    code: Annotated[str, Meta(min_length=1, max_length=20)]


@itself("GET", "/my", why_open=OPEN)
async def find(ask: Ask, query: FindQuery) -> Response[str]:
    """The form to find an order with."""
    return _form(ask, query.order)


@itself("POST", "/my", why_open=OPEN)
async def send(ask: Ask) -> Response[str]:
    """Have a code sent, if number and address fit; what is answered is the same in any case."""
    words = (await read(ask.request)).words
    try:
        form: FindForm = as_form(FindForm, words)
    except Refusal as no:
        return _form(ask, "", problem=no, typed=words)
    await do(ask.db, SYSTEM, _ask, form.order, form.email)
    return _code_form(ask, form.order)


@itself("POST", "/my/code", why_open=OPEN)
async def enter(ask: Ask) -> Response[Any]:
    """Open the order whose code this is."""
    words = (await read(ask.request)).words
    form: GuestCodeForm = as_form(GuestCodeForm, words)
    entered = await do(ask.db, SYSTEM, _enter, form.order, form.code)
    if entered.order_id is None:
        return _code_form(ask, form.order, problem=entered.no)
    return _let_in(ask, entered.order_id, entered.secret)


@itself("GET", "/my/{order_id}/in/{secret}", why_open="the secret in the address is what lets in")
async def come_in(ask: Ask, order_id: int | None, secret: str) -> Response[Any]:
    """Open an order by its link: the secret goes into a cookie of this order's pages and out of the address.

    A link that opens nothing any more leads to where a code can be had, with the number of the order filled in.
    """
    try:
        guest = await do(ask.db, SYSTEM, access.admit, order_id, secret)
    except access.LinkUnusable as no:
        return _form(ask, ask.request.path_params["order_id"], problem=no)
    return _let_in(ask, guest.order_id, secret)


@itself("POST", "/my/{order_id}/out", why_open="whoever lent somebody their phone wants to leave, let in or not")
async def leave(ask: Ask, order_id: int | None) -> Response[None]:
    """Forget the link on this device."""
    answer: Response[None] = Response(None, status_code=303, headers={"Location": who.FIND})
    if order_id is not None:
        answer.delete_cookie(who.GUEST, path=who.guest_path(order_id))
    return answer


async def _ask(tx: Any, order: str, email: str) -> None:
    await access.ask_code(tx, _number(order), email)


async def _enter(tx: Any, order: str, code: str) -> access.Entered:
    return await access.enter_code(tx, _number(order), code)


def _number(order: str) -> int | None:
    return ids.decode("order", order.replace(" ", ""))


def _form(ask: Ask, order: str, *, problem: Refusal | None = None, typed: Any = None) -> Response[str]:
    made = pages.page(
        TITLE, None, template="find.html", order=order, step="find", number_field=_number_field(order), problems=problem.problems if problem else (),
        typed=typed or {},
    )  # fmt: skip
    return shown(ask.request, made, None, status=problem.kind.value if problem else 200)


def _number_field(order: str) -> Field:
    return Field("order", Text("Order number", "订单号"), value=order, longest=64)


def _code_form(ask: Ask, order: str, *, problem: Refusal | None = None) -> Response[str]:
    made = pages.page(TITLE, None, template="find.html", order=order, step="code",
                      problems=problem.problems if problem else (), typed={})  # fmt: skip
    return shown(ask.request, made, None, status=problem.kind.value if problem else 200)


def _let_in(ask: Ask, order_id: int, secret: str) -> Response[None]:
    path = who.guest_path(order_id)
    answer: Response[None] = Response(
        None, status_code=303, headers={"Location": path, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    )
    answer.set_cookie(who.cookie(ask.request, who.GUEST, secret, path=path, seconds=who.GUEST_SECONDS))
    return answer


ROUTES = [find, send, enter, come_in, leave]
