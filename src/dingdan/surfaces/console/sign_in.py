"""The door of the console: signing in and out, choosing a password, showing again that it is oneself, one's own page."""

import ipaddress
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit

import segno
from litestar import Response
from msgspec import Meta

from dingdan.areas import access, identity
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Refusal, Text
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.doors import AnyRequest, Ask
from dingdan.surfaces.shared.guards import NOBODY
from dingdan.surfaces.shared.pages import who
from dingdan.surfaces.shared.pages.doors import act, itself, screen, shown
from dingdan.surfaces.shared.pages.forms import Form, as_form, read
from dingdan.surfaces.shared.pages.screens import Act, Code, Done, Facts, Field, Own, Sheet
from dingdan.surfaces.shared.wire import Input

Secret = Annotated[str, Meta(min_length=1, max_length=200)]
Login = Annotated[str, Meta(min_length=1, max_length=200)]
TITLE, AGAIN = Text("Sign in", "登录"), Text("Show that it is you", "确认身份")


class Back(Input, frozen=True, kw_only=True):
    """Where somebody wanted to go."""

    next: Annotated[str, Meta(max_length=2000)] = "/today"


class SignInForm(Form, frozen=True, kw_only=True):
    """Who somebody says they are, and what they show for it."""

    login: Login
    password: Secret
    code: Annotated[str, Meta(max_length=20)] = ""
    next: Annotated[str, Meta(max_length=2000)] = "/today"


class ProofForm(Form, frozen=True, kw_only=True):
    """The password again."""

    password: Secret
    code: Annotated[str, Meta(max_length=20)] = ""
    next: Annotated[str, Meta(max_length=2000)] = "/today"


class NewPasswordForm(Form, frozen=True, kw_only=True):
    """A password that was chosen."""

    password: Secret


class CodeForm(Form, frozen=True, kw_only=True):
    """A code of the second factor."""

    code: Annotated[str, Meta(min_length=6, max_length=20)]


def is_loopback(host: str) -> bool:
    """Whether an address leads to this machine and nowhere else."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_at_home(ask: Ask) -> bool:
    """Whether only this machine can come in, and under its own name: names without secrets open doors nowhere else.

    A page of another site can have its name lead to this machine, and then it asks for that name.
    """
    asked = urlsplit(f"//{ask.request.headers.get('host', '')}").hostname or ""
    return ask.settings.mode == "sandbox" and is_loopback(ask.settings.host) and is_loopback(asked)


@itself("GET", "/", why_open="it leads to where one belongs")
async def front(_ask: Ask) -> Response[None]:
    """The way in."""
    return Response(None, status_code=303, headers={"Location": "/today"})


@itself("GET", "/sign-in", why_open="whoever is not signed in yet comes here")
async def door(ask: Ask, query: Back) -> Response[str]:
    """The form to sign in with."""
    return await _door(ask, query.next)


@itself("POST", "/sign-in", why_open="whoever is not signed in yet comes here")
async def sign_in(ask: Ask) -> Response[Any]:
    """Begin a session; a no shows the form again, without the password."""
    words = (await read(ask.request)).words
    form: SignInForm = as_form(SignInForm, words)
    tried = await do(
        ask.db, NOBODY, access.sign_in, form.login, form.password, form.code, device=_device(ask.request),
        known=ask.request.cookies.get(who.DEVICE, ""), held=_held(ask),
    )  # fmt: skip
    if tried.begun is None:
        assert tried.no is not None
        return await _door(ask, form.next, problem=tried.no, typed=words)
    return _let_in(ask, tried.begun, form.next)


@itself("GET", "/in/{person}", why_open="it opens in a sandbox on this machine only, where nothing is real")
async def demo(ask: Ask, person: str, query: Back) -> Response[Any]:
    """Come in as one of the demo's people."""
    if not _is_at_home(ask):
        raise access.SecretsWrong
    begun = await do(ask.db, NOBODY, access.sign_in_by_name, person, device=_device(ask.request), held=_held(ask))
    return _let_in(ask, begun, query.next)


@itself("POST", "/sign-out", permission="signed_in")
async def sign_out(ask: Ask) -> Response[None]:
    """End the session."""
    await do(ask.db, ask.actor, access.sign_out, session_of(ask.request))
    answer: Response[None] = Response(None, status_code=303, headers={"Location": "/sign-in"})
    answer.delete_cookie(who.SESSION, path="/")
    return answer


@itself("GET", "/confirm", permission="signed_in")
async def confirm_form(ask: Ask, query: Back) -> Response[str]:
    """The form to show the password again with."""
    return await _door(ask, query.next, again=True)


@itself("POST", "/confirm", permission="signed_in")
async def confirm(ask: Ask) -> Response[Any]:
    """Take the password again; the session goes on under a new secret."""
    words = (await read(ask.request)).words
    form: ProofForm = as_form(ProofForm, words)
    tried = await do(ask.db, ask.actor, access.prove_again, session_of(ask.request), form.password, form.code)
    if tried.begun is None:
        return await _door(ask, form.next, problem=tried.no, again=True)
    return _let_in(ask, tried.begun, form.next)


@screen("/welcome/{secret}", why_open="the secret in the address is what lets in")
async def welcome(_tx: Tx, secret: str) -> Own:
    """The form to choose a password with."""
    return Own(title=Text("Choose a password", "设置密码"), template="welcome.html", data={"secret": secret})


@act("/welcome/{secret}", why_open="the secret in the address is what lets in", is_secret=True, screen=welcome)
async def choose_password(tx: Tx, secret: str, form: NewPasswordForm) -> Done:
    """Choose a password by an invitation."""
    await access.accept_invitation(tx, secret, form.password)
    return Done(text=Text("Your password is set. Sign in with it.", "密码已设置，请登录。"), to="/sign-in")


@screen("/me", permission="signed_in")
async def me(_tx: Tx, session: access.Session) -> Sheet:
    """Oneself: roles, and what one signs in with."""
    name = session.actor.name
    roles = [identity.ROLE_NAMES[role] for role in session.roles if role in identity.ROLE_NAMES]
    return Sheet(
        title=Text(name, name), kind=Text("Your account", "我的账号"), chips=[Code(session.login)],
        acts=[
            Act("password", Text("Change password", "修改密码"), "/me/password", fields=[
                Field("password", Text("New password", "新密码"), "password", Text("12 characters or more", "至少 12 个字符")),
            ]),
            Act("second-factor", Text("Second factor", "两步验证"), "/me/second-factor", is_link=True),
            Act("keys", Text("Keys of your own", "自定义快捷键"), "/me/keys", is_link=True),
            Act("end-others", Text("End other sessions", "退出其他设备"), "/me/end-others"),
        ],
        main=[Facts(Text("Who you are here", "身份"), [
            (Text("Roles", "角色"), roles), (Text("Signed in since", "登录时间"), session.begun_at),
            (Text("Signed in until", "登录有效期至"), session.ends_at),
        ])],
    )  # fmt: skip


@act("/me/password", permission="signed_in", fresh=True, is_secret=True)
async def change_password(tx: Tx, form: NewPasswordForm, session: access.Session) -> Done:
    """Choose another password; whoever does it has shown the old one a short while ago."""
    await access.change_password(tx, session, form.password)
    return Done(text=Text("Password changed", "密码已修改"), to="/me")


@act("/me/end-others", permission="signed_in")
async def end_others(tx: Tx, session: access.Session) -> Done:
    """End all sessions but this one."""
    await access.end_all(tx, session)
    return Done(text=Text("Other sessions ended", "其他设备已退出"), to="/me")


@itself("GET", "/me/second-factor", permission="signed_in", fresh=True)
async def second_factor(ask: Ask) -> Response[str]:
    """A key for an app, with its QR code; where one is in use, the way to give it up."""
    return await _second_factor(ask)


@itself("POST", "/me/second-factor", permission="signed_in", fresh=True)
async def use_second_factor(ask: Ask) -> Response[Any]:
    """Take the offered key into use, or give up the one that is, by a code of it."""
    session = session_of(ask.request)
    form: CodeForm = as_form(CodeForm, (await read(ask.request)).words)
    no: Refusal | None = None
    if await do(ask.db, ask.actor, access.has_second_factor, session.actor.id or 0):
        no = await do(ask.db, ask.actor, access.drop_second_factor, session, form.code)
    else:
        try:
            await do(ask.db, ask.actor, access.confirm_second_factor, session, form.code)
        except access.CodeWrong as wrong:
            no = wrong
    if no is not None:
        return await _second_factor(ask, problem=no)
    return Response(None, status_code=303, headers={"Location": "/me/second-factor"})


async def _second_factor(ask: Ask, problem: Refusal | None = None) -> Response[str]:
    session = session_of(ask.request)
    offered, mark = None, ""
    is_on = await do(ask.db, ask.actor, access.has_second_factor, session.actor.id or 0)
    if not is_on and problem is None:
        offered = await do(ask.db, ask.actor, access.offer_second_factor, session)
        # A picture of its own: a page may hold no styles within, and this one brings its colours.
        mark = segno.make(offered.uri, error="m").svg_data_uri(scale=5, border=2, dark="#000", light="#fff")
    made = Own(
        title=Text("Second factor", "两步验证"), template="second_factor.html",
        data={"is_on": is_on, "offered": offered, "mark": mark, "problems": (problem,) if problem else ()},
    )  # fmt: skip
    return shown(ask.request, made, None)


def _let_in(ask: Ask, begun: access.Begun, to: str) -> Response[None]:
    answer: Response[None] = Response(
        None, status_code=303, headers={"Location": who.own_path(to), "Cache-Control": "no-store"}
    )
    seconds = int(access.LONGEST.total_seconds())
    answer.set_cookie(who.cookie(ask.request, who.SESSION, begun.secret, seconds=seconds))
    if begun.device:
        known_for = int(access.DEVICE_KNOWN.total_seconds())
        answer.set_cookie(who.cookie(ask.request, who.DEVICE, begun.device, path="/sign-in", seconds=known_for))
    return answer


async def _door(
    ask: Ask,
    to: str,
    *,
    problem: Refusal | None = None,
    typed: Mapping[str, list[str]] | None = None,
    again: bool = False,
) -> Response[str]:
    people: list[identity.Staff] = []
    if _is_at_home(ask) and not again:
        async with ask.db.reading(SYSTEM) as tx:
            people = [one for one in await identity.list_staff(tx, None, Page(limit=50)) if one.active]
    made = Own(
        title=AGAIN if again else TITLE, template="sign_in.html",
        data={
            "next": who.own_path(to), "people": people, "roles": identity.ROLE_NAMES, "is_again": again,
            "problems": (problem,) if problem else (), "typed": typed or {},
        },
    )  # fmt: skip
    return shown(ask.request, made, None, status=problem.kind.value if problem else 200)


def session_of(request: AnyRequest) -> access.Session:
    """Who is signed in; the door has made sure that somebody is."""
    session: access.Session = request.scope["state"]["session"]
    return session


def _held(ask: Ask) -> str:
    return ask.request.cookies.get(who.SESSION, "")


def _device(request: AnyRequest) -> str:
    return request.headers.get("user-agent", "")


ROUTES = [
    front, door, sign_in, demo, sign_out, confirm_form, confirm, welcome, choose_password, me, change_password, end_others,
    second_factor, use_second_factor,
]  # fmt: skip
