"""Who looks at a page: a cookie becomes a session, and nothing that comes from another site is let act."""

from typing import Any
from urllib.parse import quote, urlsplit

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.handlers import BaseRouteHandler

from dingdan.areas import access, desks, merchants
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import decode, encode
from dingdan.kernel.refusal import Kind, Refusal, Text
from dingdan.plumbing.database import Database
from dingdan.surfaces.shared.guards import NOBODY, NotAllowed

SESSION, GUEST, LANGUAGE, THEME = "dingdan_session", "dingdan_guest", "dingdan_language", "dingdan_theme"
# By which a browser is known at the sign-in form, so that others who guess do not lock its owner out.
DEVICE = "dingdan_device"
YEAR = 365 * 24 * 3600
# How long a link that was opened lets in on the same device.
GUEST_SECONDS = 180 * 24 * 3600
# Where guests find their order without a link.
FIND = "/my"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# What the ways beside an open form are called.
SIGN_IN, CONFIRM = Text("Sign in in a new tab", "在新标签页登录"), Text("Confirm in a new tab", "在新标签页确认身份")

AnyConnection = ASGIConnection[Any, Any, Any, Any]


class WayNeeded(Exception):
    """Whoever asks has to come in first; `href` is the way to the door, and `code` what the log calls it."""

    code = "page.not_let_in"

    def __init__(self, href: str) -> None:
        super().__init__(href)
        self.href = href


class LedOn(Exception):
    """A page says no, and where one goes on from there: whoever came from its own address would get the same no again."""

    def __init__(self, refusal: Refusal, href: str) -> None:
        super().__init__(refusal.code)
        self.refusal, self.href = refusal, href


class CodeNeeded(WayNeeded):
    """Whoever asks has no link of this order, or one that opens nothing; whether there is such an order is not said."""

    def __init__(self, order: str) -> None:
        super().__init__(f"{FIND}?order={quote(order, safe='')}")


class SignedOut(Refusal):
    """Somebody sent a form whose session had ended meanwhile; what they typed is still theirs."""

    code = "page.signed_out"
    kind = Kind.UNAUTHENTICATED
    message = Text("You are not signed in any more; nothing was done.", "登录已失效，操作未执行。")
    remedy = Text(
        "Sign in in another tab. Then send the form again from here, or load this page anew: nothing you typed is lost.",
        "请在新标签页登录，然后回到此处重新提交或刷新本页，已填写的内容不会丢失。",
    )


class PasswordNeeded(Refusal):
    """Somebody sent a form that asks for the password again; what they typed is still theirs."""

    code = "page.password_needed"
    kind = Kind.UNAUTHENTICATED
    message = Text("Your password is asked for again; nothing was done.", "请重新输入密码，操作未执行。")
    remedy = Text(
        "Confirm in a new tab. Then send the form again from here, or load this page anew: nothing you typed is lost.",
        "请在新标签页确认身份，然后回到此处重新提交或刷新本页，已填写的内容不会丢失。",
    )


class SignInNeeded(WayNeeded):
    """Nobody is signed in, or for too long (`again`: with an old proof); the page leads to the door and back.

    `has_typed`: a form was sent. It stays where it is, with `no` above it and the door beside.
    """

    def __init__(self, back: str, *, again: bool = False, has_typed: bool = False) -> None:
        self.has_typed = has_typed
        self.no: Refusal = PasswordNeeded() if again else SignedOut()
        self.door = CONFIRM if again else SIGN_IN
        super().__init__(f"{'/confirm' if again else '/sign-in'}?next={quote(back, safe='')}")


class ForeignOrigin(Refusal):
    """A page of another site tried to act here with the cookies of somebody who is signed in."""

    code = "page.foreign_origin"
    kind = Kind.FORBIDDEN
    message = Text("This did not come from one of our own pages.", "该请求并非来自本站页面。")
    remedy = Text("Open the page here and try again.", "请在本站打开页面后重试。")


async def staff_guard(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """Let in who is signed in and may. Raises SignInNeeded, ForeignOrigin and NotAllowed."""
    demand_own_origin(connection)
    session, own_keys = await _session(connection)
    connection.scope["state"].update(session=session, own_keys=own_keys)
    connection.scope["user"] = session.actor if session else NOBODY
    permission = handler.opt.get("permission")
    if permission is None:
        return
    has_typed = _method(connection) not in _SAFE_METHODS
    if session is None:
        raise SignInNeeded(_here(connection), has_typed=has_typed)
    if permission != "signed_in" and not session.actor.may(permission):
        raise NotAllowed(permission=permission)
    if handler.opt.get("fresh") and not session.is_fresh:
        raise SignInNeeded(_here(connection), again=True, has_typed=has_typed)


async def guest_guard(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """Let in who holds the link of the order that the path names. Raises CodeNeeded, NotAllowed and ForeignOrigin."""
    demand_own_origin(connection)
    connection.scope["user"] = NOBODY
    permission = handler.opt.get("permission")
    if permission is None:
        return
    order_id = str(connection.path_params.get("order_id"))
    db: Database = connection.app.state.db
    # The links' table is for nobody to read, so a transaction that may write looks.
    async with db.transaction(SYSTEM) as tx:
        try:
            guest = await access.admit(tx, decode("order", order_id), connection.cookies.get(GUEST, ""))
        except access.LinkUnusable:
            raise CodeNeeded(order_id) from None
        owner = guest.actor.merchant_id
        shop = None if owner is None else (await merchants.by_ids(tx, [owner])).get(owner)
    if not guest.actor.may(permission):
        raise NotAllowed(permission=permission)
    connection.scope["state"].update(guest=guest, shop=shop)
    connection.scope["user"] = guest.actor


def demand_own_origin(connection: AnyConnection) -> None:
    """What changes something must come from a page of ours (S-11). Browsers say where a request comes from."""
    if _method(connection) in _SAFE_METHODS:
        return
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        if site in ("same-origin", "none"):
            return
        raise ForeignOrigin
    origin, host = connection.headers.get("origin"), connection.headers.get("host", "")
    if not origin or urlsplit(origin).netloc != host:
        raise ForeignOrigin


def cookie(connection: AnyConnection, name: str, value: str, *, path: str = "/", seconds: int) -> Cookie:
    """A cookie that no script reads and no other site sends along.

    Where money is real it goes over TLS only, also behind a proxy that ends the TLS and speaks plainly to us.
    """
    is_secure = connection.url.scheme == "https" or connection.app.state.settings.mode == "live"
    return Cookie(
        key=name, value=value, path=path, max_age=seconds, httponly=True, secure=is_secure, samesite="lax"
    )  # fmt: skip


def guest_path(order_id: int) -> str:
    """The pages of one order; its cookie goes there and nowhere else."""
    return f"/my/{encode('order', order_id)}"


async def _session(connection: AnyConnection) -> tuple[access.Session | None, dict[str, str]]:
    """Who is signed in, and the keys they chose: every page and every piece of one shows them."""
    secret = connection.cookies.get(SESSION, "")
    if not secret:
        return None, {}
    db: Database = connection.app.state.db
    async with db.connection() as bare:
        session = await access.find_session(bare, secret)
        return session, {} if session is None else await desks.keys_of(bare, session.actor.id or 0)


def _method(connection: AnyConnection) -> str:
    return str(connection.scope.get("method", "GET"))


def _here(connection: AnyConnection) -> str:
    if _method(connection) not in _SAFE_METHODS:
        return page_of(connection)
    query = connection.scope["query_string"].decode("latin-1")
    return connection.scope["path"] + (f"?{query}" if query else "")


def page_of(connection: AnyConnection) -> str:
    """The page that somebody acts from."""
    named = connection.headers.get("hx-current-url") or connection.headers.get("referer") or "/"
    split = urlsplit(named)
    return own_path(split.path + (f"?{split.query}" if split.query else ""))


def own_path(text: str) -> str:
    """A path of ours, whatever was asked for: never another site (`//evil`, `https:...`, a backslash), and fit for a header."""
    if not text.startswith("/") or text.startswith("//") or "\\" in text or any(ord(c) < 32 for c in text):
        return "/"
    return quote(text, safe="/%?&=#:;,+@!$'()*~-._")
