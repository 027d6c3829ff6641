"""Return policies: published as documents, each version for ever; drafted, linted and announced before that."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta

from dingdan.areas import policies
from dingdan.areas.policies import EditionState
from dingdan.kernel.refusal import Refusal, Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, post, put
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import (
    Input,
    MerchantRef,
    OfMerchant,
    Page,
    PageQuery,
    View,
    Word,
    page_of,
    ref,
    ref_or_none,
    slice_of,
)

Base = Annotated[str, Meta(min_length=3, max_length=100, description="code@version of a published policy.")]
NOTHING_WRITTEN = "it writes nothing"


class PolicyRow(View, frozen=True, kw_only=True):
    """A version of a policy as a list shows it; `merchant` is null for a pack that is open to everybody."""

    id: str
    merchant: str | None
    code: str
    version: str
    hash: str
    effective_from: datetime


class PolicyView(View, frozen=True, kw_only=True):
    """A version of a policy; orders placed under it carry its hash."""

    id: str
    merchant: str | None
    code: str
    version: str
    hash: str
    effective_from: datetime
    document: policies.PolicyDocument


class PolicyLifeView(View, frozen=True, kw_only=True):
    """The life of a version: when it was drafted, announced, began to apply, and ended.

    `given` is what was written, on top of `extends` where it extends another; `hash` and `effective_from` are null
    until it is announced.
    """

    id: str
    merchant: str | None
    code: str
    version: str
    state: EditionState
    extends: str | None
    given: dict[str, Any] | None
    hash: str | None
    effective_from: datetime | None
    drafted_at: datetime
    announced_at: datetime | None
    began_at: datetime | None
    ended_at: datetime | None


class PolicyProblemView(View, frozen=True, kw_only=True):
    """Something that keeps a document from being published: where, why, by which article, and what to do."""

    path: str
    code: str
    message: Text
    remedy: Text
    article: str | None


class PolicyDraftView(View, frozen=True, kw_only=True):
    """A draft as it stands: its life, the whole document that it comes to, and all that still stands against it."""

    life: PolicyLifeView
    hash: str
    document: policies.PolicyDocument
    problems: list[PolicyProblemView]


class LintView(View, frozen=True, kw_only=True):
    """What a document comes to, and all that stands against publishing it."""

    is_publishable: bool
    hash: str
    document: policies.PolicyDocument
    problems: list[PolicyProblemView]


class PolicyQuery(PageQuery, frozen=True, kw_only=True):
    """Whose policies."""

    merchant: MerchantRef | None = None


class PolicyLifeQuery(PageQuery, frozen=True, kw_only=True):
    """Whose versions, and of which code."""

    merchant: MerchantRef | None = None
    code: Word | None = None


class PolicyDraftInput(Input, frozen=True, kw_only=True):
    """A whole document, or with `extends` what is different from that version.

    Maps are merged key by key and null takes a key away; lists are replaced whole, but `sources` and `conditions` join
    those of the base by their names. Code and version stand in the address.
    """

    document: dict[str, Any]
    extends: Base | None = None


class LintInput(Input, frozen=True, kw_only=True):
    """The same, with its code and version in the document."""

    document: dict[str, Any]
    extends: Base | None = None
    merchant: MerchantRef | None = None


@put("/v1/policies/{code}/{version}", permission="policy.write")
async def publish(tx: Tx, code: Word, version: Word, body: policies.PolicyDocument, query: OfMerchant) -> PolicyView:
    """Publish a version of a policy; what was published is never changed.

    A platform key that names no merchant publishes for everybody.
    """
    if body.id != code:
        raise Malformed("id", what=f"the address says {code}", what_zh=f"与地址中的 {code} 不一致")
    if body.version != version:
        raise Malformed("version", what=f"the address says {version}", what_zh=f"与地址中的 {version} 不一致")
    return _view(await policies.publish(tx, await scope.merchant_filter(tx, query.merchant), body))


@get("/v1/policies", permission="policy.read")
async def listed(tx: Tx, query: PolicyQuery) -> Page[PolicyRow]:
    """Versions that a merchant may use, its own and those open to everybody, oldest first."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    asked = slice_of(query)
    return page_of(asked, await policies.listed(tx, merchant_id, asked.with_one_more), _row)


@get("/v1/policies/{policy_id}", permission="policy.read")
async def show(tx: Tx, policy_id: int) -> PolicyView:
    """One version with its document, once it was announced."""
    found = await policies.by_ids(tx, [policy_id])
    if policy_id not in found:
        raise policies.PolicyUnknown
    return _view(found[policy_id])


@get("/v1/policies/{policy_id}/life", permission="policy.write")
async def life(tx: Tx, policy_id: int) -> PolicyDraftView:
    """One version from its first draft on, with the document that it comes to and all that stands against it."""
    edition = await policies.edition(tx, policy_id)
    document = await policies.document_of(tx, edition)
    return _draft(edition, document, policies.problems_of(document, policies.canonical(document)))


@get("/v1/policy-versions", permission="policy.write")
async def versions(tx: Tx, query: PolicyLifeQuery) -> Page[PolicyLifeView]:
    """Every version with its life, drafts too, oldest first; what was published stays here for ever."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    asked = slice_of(query)
    return page_of(asked, [_Lived(one) for one in await policies.history(tx, merchant_id, query.code, asked.with_one_more)],
                   lambda one: _life(one.edition))  # fmt: skip


@post("/v1/policies/lint", permission="policy.write", reads=True, why_unkeyed=NOTHING_WRITTEN)
async def lint(tx: Tx, body: LintInput) -> LintView:
    """Look at a document without publishing or keeping it: everything that stands against it at once."""
    merchant_id = await scope.merchant_filter(tx, body.merchant, "merchant")
    code, label = body.document.get("id"), body.document.get("version")
    document = await policies.resolve(
        tx, merchant_id, code if isinstance(code, str) else "", label if isinstance(label, str) else "",
        extends=body.extends, given=body.document,
    )  # fmt: skip
    problems = policies.problems_of(document, policies.canonical(document))
    return LintView(is_publishable=not problems, hash=policies.hash_of(document), document=document,
                    problems=[_problem(one) for one in problems])  # fmt: skip


@put("/v1/policies/{code}/{version}/draft", permission="policy.write")
async def save_draft(tx: Tx, code: Word, version: Word, body: PolicyDraftInput, query: OfMerchant) -> PolicyDraftView:
    """Write a draft down, or anew; it may still be wrong, and says in what. Nobody is bound to it."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    edition, document, problems = await policies.save_draft(
        tx, merchant_id, code, version, extends=body.extends, given=body.document
    )
    return _draft(edition, document, problems)


@post("/v1/policies/{policy_id}/announce", permission="policy.write")
async def announce(tx: Tx, policy_id: int) -> PolicyView:
    """Publish a draft: from now on nobody changes its words, and from its day on it applies to new orders."""
    return _view(await policies.announce(tx, policy_id))


@post("/v1/policies/{policy_id}/withdraw", permission="policy.write")
async def withdraw(tx: Tx, policy_id: int) -> PolicyLifeView:
    """Take back a draft, or a version that was announced and does not apply yet; it stays readable."""
    return _life(await policies.withdraw(tx, policy_id))


class _Lived:
    """A version as a list goes on behind it."""

    def __init__(self, edition: policies.Edition) -> None:
        self.id, self.edition = edition.id, edition


def _row(one: policies.Policy) -> PolicyRow:
    return PolicyRow(
        id=ref("policy", one.id), merchant=ref_or_none("merchant", one.merchant_id), code=one.code,
        version=one.version, hash=one.hash, effective_from=one.effective_from,
    )  # fmt: skip


def _view(one: policies.Policy) -> PolicyView:
    return PolicyView(
        id=ref("policy", one.id), merchant=ref_or_none("merchant", one.merchant_id), code=one.code,
        version=one.version, hash=one.hash, effective_from=one.effective_from, document=one.document,
    )  # fmt: skip


def _life(one: policies.Edition) -> PolicyLifeView:
    return PolicyLifeView(
        id=ref("policy", one.id), merchant=ref_or_none("merchant", one.merchant_id), code=one.code, version=one.label,
        state=one.state, extends=one.extends, given=one.given, hash=one.hash, effective_from=one.effective_from,
        drafted_at=one.drafted_at, announced_at=one.announced_at, began_at=one.began_at, ended_at=one.ended_at,
    )  # fmt: skip


def _draft(edition: policies.Edition, document: policies.PolicyDocument, problems: list[Refusal]) -> PolicyDraftView:
    return PolicyDraftView(life=_life(edition), hash=policies.hash_of(document), document=document,
                           problems=[_problem(one) for one in problems])  # fmt: skip


def _problem(one: Refusal) -> PolicyProblemView:
    return PolicyProblemView(
        path=one.path, code=one.code, message=one.message.filled(one.params), remedy=one.remedy.filled(one.params),
        article=one.params.get("article"),
    )  # fmt: skip


ROUTES = [publish, listed, show, life, versions, lint, save_draft, announce, withdraw]
