"""People and roles: who works here, what they may do, inviting them, and letting them go."""

from typing import Annotated

from msgspec import Meta

from dingdan.areas import access, cases, identity
from dingdan.kernel.refusal import Text
from dingdan.plumbing.settings import Settings
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing, typed, words
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import ListQuery, act, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.listing import listing, one_more
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Chip,
    Code,
    Column,
    Done,
    Empty,
    Facts,
    Field,
    Filter,
    Link,
    Listing,
    Own,
    Row,
    Sheet,
    Table,
)
from dingdan.surfaces.shared.wire import Line, Word

MATRIX = Link("/people/roles", Text("What each role may do", "各角色权限"))


class PeopleQuery(ListQuery, frozen=True, kw_only=True):
    """Whose people."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None


class NewPersonForm(Form, frozen=True, kw_only=True):
    """Somebody who begins here."""

    login: Word
    name: Line
    roles: tuple[Word, ...] = ()
    merchant: Annotated[str, Meta(max_length=64)] | None = None


class RolesForm(Form, frozen=True, kw_only=True):
    """Somebody's name and roles from now on; `held` is the mark of who was read."""

    name: Line
    roles: tuple[Word, ...] = ()
    held: Annotated[str, Meta(max_length=16)] = ""


class SkillsForm(Form, frozen=True, kw_only=True):
    """Which kinds of cases somebody is given; none is all of their roles."""

    kinds: tuple[Word, ...] = ()


@screen("/people", permission="staff.read")
async def listed(tx: Tx, query: PeopleQuery) -> Listing:
    """Staff within reach, oldest first."""
    found = await identity.list_staff(tx, await scope.merchant_filter(tx, query.merchant), one_more(query))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    choice = await choosing.merchants_to_choose(tx)
    return listing(
        found, lambda one: Row(naming.ref("staff", one.id), naming.place("staff", one.id), {
            "name": one.name, "login": Code(one.login), "stands": _standing(one), "roles": [_role(role) for role in one.roles],
            "merchant": names.get(one.merchant_id, Text("Platform", "平台")),
        }),
        title=Text("People and roles", "员工与角色"),
        columns=[
            Column("name", Text("Name", "姓名")), Column("login", Text("Login", "账号")), Column("roles", Text("Roles", "角色")),
            Column("merchant", Text("Works for", "所属")), Column("stands", Text("Stands", "状态")),
        ],
        filters=[Filter("merchant", Text("Merchant", "商家"), choice)] if choice else [],
        acts=[
            *([_hiring(choice)] if tx.actor.may("staff.manage") else []),
            Act("matrix", Text("What each role may do", "各角色权限"), "/people/roles", is_link=True),
        ],
        empty=Empty(Text("Nobody works here yet.", "还没有员工。"), Text("Add somebody, then invite them.", "添加员工后发出邀请。")),
    )  # fmt: skip


@screen("/people/roles", permission="staff.read")
async def matrix(_tx: Tx) -> Own:
    """Every permission, and which roles have it."""
    roles = sorted(identity.STAFF_ROLES)
    return Own(
        title=Text("What each role may do", "各角色权限"), template="roles.html",
        data={
            "roles": [(role, identity.ROLE_NAMES[role]) for role in roles],
            "permissions": [
                (name, said, [name in identity.ROLES[role] for role in roles])
                for name, said in identity.PERMISSIONS.items()
            ],
            "conflicts": [(identity.ROLE_NAMES[one], identity.ROLE_NAMES[other]) for one, other in identity.CONFLICTS],
        },
    )  # fmt: skip


@screen("/people/{staff_id}", permission="staff.read")
async def show(tx: Tx, staff_id: int) -> Sheet:
    """One person: roles, what they may do, and what can be done about them."""
    one = (await identity.staff_by_ids(tx, [staff_id]))[staff_id]
    names = await naming.merchant_names(tx, [one.merchant_id])
    held = identity.permissions_of(frozenset(one.roles))
    return Sheet(
        title=Text(one.name, one.name), kind=Text("Staff", "员工"), key=naming.ref("staff", staff_id),
        full=naming.place("staff", staff_id), chips=[_standing(one), Code(one.login)],
        acts=[*(_acts(one) if tx.actor.may("staff.manage") else []), *await _skilled(tx, one)],
        main=[Table(
            Text("What this person may do", "可执行的操作"),
            [Column("words", Text("Permission", "权限")), Column("name", Text("Code", "代码"))],
            [Row(name, None, {"words": identity.PERMISSIONS[name], "name": Code(name)}) for name in sorted(held)],
            Text("Nothing: no roles.", "无权限，未分配角色。"),
        )],
        side=[Facts(Text("Who this is", "身份"), [
            (Text("Roles", "角色"), [_role(role) for role in one.roles]),
            (Text("Works for", "所属"), names.get(one.merchant_id, Text("Platform", "平台"))),
            (Text("Acts of theirs", "操作记录"), Link(f"/audit?by={one.login}", Text("in the audit log", "查看审计日志"))),
        ], MATRIX)],
    )  # fmt: skip


@act("/people/add", permission="staff.manage", fresh=True)
async def add(tx: Tx, form: NewPersonForm) -> Done:
    """Add somebody; an invitation lets them choose a password."""
    merchant_id = await scope.merchant_filter(tx, form.merchant, "merchant")
    saved = await identity.save_staff(
        tx, identity.SaveStaff(merchant_id=merchant_id, login=form.login, name=form.name, roles=form.roles)
    )
    return Done(text=Text("Added. Invite them now.", "已添加，请发出邀请。"), to=naming.place("staff", saved.id))


@act("/people/{staff_id}/change", permission="staff.manage", fresh=True)
async def change(tx: Tx, staff_id: int, form: RolesForm) -> Done:
    """Change somebody's name and roles; what they are signed in with follows at once."""
    one = (await identity.staff_by_ids(tx, [staff_id]))[staff_id]
    if form.held and form.held != typed.mark_of(one):
        raise identity.StaffMoved(login=one.login)
    await identity.change_staff(tx, identity.ChangeStaff(staff_id, name=form.name, roles=form.roles, instead_of=one))
    return Done(text=Text("Roles changed", "角色已修改"))


@act("/people/{staff_id}/dismiss", permission="staff.manage", fresh=True)
async def dismiss(tx: Tx, staff_id: int) -> Done:
    """Somebody works here no more: nothing opens for them, and their sessions end."""
    return await _stand(tx, staff_id, active=False)


@act("/people/{staff_id}/take-back", permission="staff.manage", fresh=True)
async def take_back(tx: Tx, staff_id: int) -> Done:
    """Somebody works here again, with the roles that they had."""
    return await _stand(tx, staff_id, active=True)


@act("/people/{staff_id}/invite", permission="staff.manage", fresh=True, is_secret=True)
async def invite(tx: Tx, staff_id: int, settings: Settings) -> Done:
    """A link with which somebody chooses a password, shown this once; the one before it is void."""
    made = await access.invite(tx, staff_id)
    return Done(
        text=Text("Send this link to the person", "请将此链接发送给本人"), to=naming.place("staff", staff_id),
        shown=[(Text("Link", "链接"), f"{settings.callback_url}/welcome/{made.secret}"),
               (Text("Works until", "有效期至"), f"{made.expires_at:%Y-%m-%d %H:%M} UTC")],
    )  # fmt: skip


@act("/people/{staff_id}/skills", permission="case_kind.write")
async def skills(tx: Tx, staff_id: int, form: SkillsForm) -> Done:
    """Say which kinds of cases somebody is given."""
    await cases.set_skills(tx, staff_id, form.kinds)
    return Done(text=Text("Cases are given out by this from now on", "此后按此派单"))


@act("/people/{staff_id}/end-sessions", permission="staff.manage")
async def end_sessions(tx: Tx, staff_id: int) -> Done:
    """Sign somebody out everywhere."""
    await access.end_all_of(tx, staff_id)
    return Done(text=Text("Signed out everywhere", "已全部退出登录"))


async def _stand(tx: Tx, staff_id: int, *, active: bool) -> Done:
    await identity.change_staff(tx, identity.ChangeStaff(staff_id, active=active))
    if active:
        return Done(text=Text("Works here again", "已恢复"))
    await access.end_all_of(tx, staff_id)
    return Done(text=Text("Works here no more", "已停用"))


def _standing(one: identity.Staff) -> Chip:
    return Chip(Text("Active", "在职"), "done") if one.active else Chip(Text("Left", "已停用"), "closed")


def _role(role: str) -> Text | str:
    return identity.ROLE_NAMES.get(role, role)


def _roles(chosen: tuple[str, ...] = ()) -> Field:
    options = [(role, identity.ROLE_NAMES[role]) for role in sorted(identity.STAFF_ROLES)]
    return Field("roles", Text("Roles", "角色"), "choices", options=options, value=chosen, is_needed=False)


def _hiring(choice: list[tuple[str, Text]]) -> Act:
    fields = [Field("login", Text("Login", "账号"), longest=64), Field("name", Text("Name", "姓名"), longest=200)]
    if choice:
        fields.append(
            Field(
                "merchant",
                Text("Works for", "所属商家"),
                "choice",
                Text("Empty: for the platform", "留空表示平台员工"),
                choice,
                is_needed=False,
            )
        )
    return Act("add", Text("Add somebody", "添加员工"), "/people/add", "N", [*fields, _roles()], "first")


def _acts(one: identity.Staff) -> list[Act]:
    here = naming.place("staff", one.id)
    gone = None if one.active else Text("This person works here no more.", "该员工已停用。")
    return [
        Act("invite", Text("Invite", "发出邀请"), f"{here}/invite", "I", tone="first", why_not=gone,
            warns=Text("The link is shown once. A link from before stops working.", "链接仅显示一次，之前的链接失效。")),
        Act("change", Text("Change roles", "修改角色"), f"{here}/change", "R", [
            Field("name", Text("Name", "姓名"), value=one.name, longest=200), _roles(tuple(one.roles)),
            Field("held", Text("As it was read", "读取时的内容"), "hidden", value=typed.mark_of(one)),
        ]),
        Act("end-sessions", Text("Sign out everywhere", "退出全部登录"), f"{here}/end-sessions"),
        Act("dismiss", Text("Dismiss", "停用"), f"{here}/dismiss", tone="danger",
            warns=Text("Nothing opens for this person any more, at once.", "该员工将立即失去全部访问权限。"))
        if one.active else Act("take-back", Text("Take back", "恢复"), f"{here}/take-back"),
    ]  # fmt: skip


async def _skilled(tx: Tx, one: identity.Staff) -> list[Act]:
    """The kinds of cases that somebody of ours takes, by name."""
    if not tx.actor.may("case_kind.write") or not one.active:
        return []
    known = await cases.catalogue(tx, one.merchant_id)
    return [Act("skills", Text("Kinds of cases", "受理异常类型"), f"{naming.place('staff', one.id)}/skills", fields=[Field(
        "kinds", Text("Takes these when cases are given out", "派单时受理"), "choices", Text("None: all of the roles", "不选表示岗位内全部"),
        [(code, words.of_case(kind)) for code, kind in sorted(known.items())],
        value=tuple(await cases.skills(tx, one.id)), is_needed=False,
    )])]  # fmt: skip


ROUTES = [listed, matrix, show, add, change, dismiss, take_back, invite, skills, end_sessions]
