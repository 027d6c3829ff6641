"""Kinds of trouble, limits of authority, and who takes which kinds."""

from typing import Annotated

from msgspec import Meta

from dingdan.areas import cases
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import case_views as views
from dingdan.surfaces.api.case_views import CaseKindView
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, put
from dingdan.surfaces.shared.wire import Input, List, OfMerchant, View, Word, ref

KindCode = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]


class KindInput(Input, frozen=True, kw_only=True):
    """A kind as it shall be from now on. Without an owner or a playbook it cannot be switched on."""

    document: cases.KindDocument
    is_active: bool = True


class SkillsInput(Input, frozen=True, kw_only=True):
    """Which kinds somebody takes; none is all of their role."""

    kinds: Annotated[list[KindCode], Meta(max_length=200)]


class SkillsView(View, frozen=True, kw_only=True):
    """Which kinds somebody takes."""

    staff: str
    kinds: list[str]


@get("/v1/case-kinds", permission="case_kind.read")
async def listed(tx: Tx, query: OfMerchant) -> List[CaseKindView]:
    """The kinds that hold for a merchant (a platform key that names none: for the platform), by code."""
    found = await cases.catalogue(tx, await scope.merchant_filter(tx, query.merchant))
    return List(items=[views.kind(found[code]) for code in sorted(found)])


@get("/v1/case-kinds/{code}", permission="case_kind.read")
async def show(tx: Tx, code: Word, query: OfMerchant) -> CaseKindView:
    """One kind as it holds for a merchant."""
    return views.kind(await cases.get_kind(tx, await scope.merchant_filter(tx, query.merchant), code))


@put("/v1/case-kinds/{code}", permission="case_kind.write")
async def save(tx: Tx, code: KindCode, body: KindInput, query: OfMerchant) -> CaseKindView:
    """Write the next version of a kind, or a new kind. A platform key that names no merchant writes for everybody."""
    return views.kind(await cases.save_kind(tx, cases.SaveKind(
        merchant_id=await scope.merchant_filter(tx, query.merchant), code=code, document=body.document,
        is_active=body.is_active,
    )))  # fmt: skip


@get("/v1/case-terms", permission="case_kind.read")
async def terms(tx: Tx) -> cases.CaseTerms:
    """How much each level may grant alone, the budget beyond what was paid, and until when carriers are claimed on."""
    return await cases.terms(tx)


@put("/v1/case-terms", permission="case_kind.write")
async def save_terms(tx: Tx, body: cases.CaseTerms) -> cases.CaseTerms:
    """Write the terms that hold from now on; for the platform only."""
    return await cases.save_terms(tx, body)


@put("/v1/case-skills/{staff_id}", permission="case_kind.write")
async def set_skills(tx: Tx, staff_id: int, body: SkillsInput) -> SkillsView:
    """Say which kinds somebody takes when cases are given out."""
    return SkillsView(staff=ref("staff", staff_id), kinds=await cases.set_skills(tx, staff_id, body.kinds))


ROUTES = [listed, show, save, terms, save_terms, set_skills]
