"""Kinds of trouble: those that ship with the program, the platform's versions of them, and merchants' own."""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files

import msgspec

from dingdan.areas import identity
from dingdan.areas.cases import store
from dingdan.areas.cases.events import CaseKindSaved, CaseSkillsSet
from dingdan.areas.cases.model import Case, CaseKind, CaseTerms, KindDocument, SaveKind
from dingdan.areas.cases.refusals import KindNotYours, KindUnfit, KindUnknown, KindUnowned, OwnerUnfit
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.tx import Tx

Catalogue = Mapping[str, CaseKind]


@cache
def shipped() -> Catalogue:
    """The kinds that ship with the program; they hold wherever the platform has written no version of its own."""
    text = (files("dingdan.areas.cases") / "packs" / "kinds.toml").read_text(encoding="utf-8")
    return {
        code: CaseKind(
            id=None, merchant_id=None, code=code, number=0, is_active=True,
            document=msgspec.convert(document, KindDocument),
        )
        for code, document in tomllib.loads(text).items()
    }  # fmt: skip


async def catalogues(tx: Tx, merchant_ids: Collection[int]) -> dict[int, Catalogue]:
    """The kinds that hold for each merchant: its own before the platform's before those that ship; one query."""
    found = await store.kinds(tx, merchant_ids)
    platform = {**shipped(), **{kind.code: kind for kind in found if kind.merchant_id is None}}
    return {
        merchant_id: {**platform, **{kind.code: kind for kind in found if kind.merchant_id == merchant_id}}
        for merchant_id in merchant_ids
    }


async def catalogue(tx: Tx, merchant_id: int | None) -> Catalogue:
    """The kinds that hold for one merchant; for None the platform's."""
    if merchant_id is None:
        return {**shipped(), **{kind.code: kind for kind in await store.kinds(tx, [])}}
    return (await catalogues(tx, [merchant_id]))[merchant_id]


async def documents(tx: Tx, cases: Sequence[Case]) -> dict[int, KindDocument]:
    """The version of its kind that each case was opened under: {case: document}."""
    ids = {case.case_kind_id for case in cases if case.case_kind_id is not None}
    written = {kind.id: kind.document for kind in await store.versions(tx, ids)} if ids else {}
    return {
        case.id: written[case.case_kind_id] if case.case_kind_id is not None else shipped()[case.kind].document
        for case in cases
    }


async def get_kind(tx: Tx, merchant_id: int | None, code: str) -> CaseKind:
    """The kind of this name as it holds for a merchant. Raises KindUnknown."""
    found = await catalogue(tx, merchant_id)
    if code not in found:
        raise KindUnknown("path.code", kind=code)
    return found[code]


async def save_kind(tx: Tx, wanted: SaveKind) -> CaseKind:
    """Write the next version of a kind; the same again changes nothing, open cases keep the version they have.

    Raises KindNotYours, KindUnowned where it is to be switched on, or everything that is wrong with it at once.
    """
    if tx.actor.merchant_id is not None and tx.actor.merchant_id != wanted.merchant_id:
        raise KindNotYours
    _demand_fit(wanted)
    await store.lock_code(tx, wanted.merchant_id, wanted.code)
    found = await store.kinds(tx, [wanted.merchant_id] if wanted.merchant_id is not None else [])
    before = next((k for k in found if (k.merchant_id, k.code) == (wanted.merchant_id, wanted.code)), None)
    if before is not None and (before.document, before.is_active) == (wanted.document, wanted.is_active):
        return before
    kind = CaseKind(
        id=tx.mint(), merchant_id=wanted.merchant_id, code=wanted.code, number=before.number + 1 if before else 1,
        is_active=wanted.is_active, document=wanted.document,
    )  # fmt: skip
    await store.add_kind(tx, kind)
    assert kind.id is not None
    tx.announce(CaseKindSaved(subject_id=kind.id, merchant_id=kind.merchant_id, code=kind.code, number=kind.number,
                              is_active=kind.is_active))  # fmt: skip
    return kind


def _demand_fit(wanted: SaveKind) -> None:
    document = wanted.document
    if wanted.is_active and not (document.owner and document.playbook):
        missing = ("an owner", "责任岗位") if not document.owner else ("a playbook", "处理指引")
        raise KindUnowned("is_active", missing=missing[0], missing_zh=missing[1])
    problems = []
    for n, role in enumerate((document.owner, *document.ladder)):
        if role is not None and role not in identity.STAFF_ROLES:
            path = "document.owner" if n == 0 else f"document.ladder[{n - 1}]"
            problems.append(KindUnfit(path, what=f"nobody has the role {role}", what_zh=f"没有岗位 {role}"))
    for wire, code in document.ends_on.items():
        if code not in document.closures:
            problems.append(KindUnfit(f"document.ends_on.{wire}", what=f"{code} is none of its closures",
                                      what_zh=f"{code} 不在结案方式中"))  # fmt: skip
    refuse_all(problems)


async def terms(tx: Tx) -> CaseTerms:
    """Who may grant how much, and how much may be given beyond what was paid."""
    return (await store.terms(tx))[1]


async def save_terms(tx: Tx, wanted: CaseTerms) -> CaseTerms:
    """Write the terms that hold from now on. Raises KindNotYours."""
    if tx.actor.merchant_id is not None:
        raise KindNotYours
    await store.lock_code(tx, None, "the terms")
    number, before = await store.terms(tx)
    if before != wanted:
        await store.add_terms(tx, number + 1, wanted)
    return wanted


async def set_skills(tx: Tx, staff_id: int, kinds: Sequence[str]) -> list[str]:
    """Say which kinds somebody takes (none: all of their role). Raises OwnerUnfit, or KindUnknown for each at once."""
    somebody = (await identity.staff_by_ids(tx, [staff_id])).get(staff_id)
    if somebody is None or (tx.actor.merchant_id is not None and tx.actor.merchant_id != somebody.merchant_id):
        raise OwnerUnfit("path.staff_id")
    known = await catalogue(tx, somebody.merchant_id)
    refuse_all([KindUnknown(f"kinds[{n}]", kind=code) for n, code in enumerate(kinds) if code not in known])
    wanted = sorted(set(kinds))
    if await store.set_skills(tx, staff_id, somebody.merchant_id, wanted):
        tx.announce(CaseSkillsSet(subject_id=staff_id, merchant_id=somebody.merchant_id, kinds=wanted))
    return wanted


async def skills(tx: Tx, staff_id: int) -> list[str]:
    """Which kinds somebody takes; none is all of their role."""
    return (await store.skills(tx, [staff_id])).get(staff_id, [])
