"""Versions on their way to being published: drafted, changed, announced, or taken back in time."""

from collections.abc import Mapping
from typing import Any

from dingdan.areas.policies import publishing, refusals, store
from dingdan.areas.policies.events import PolicyWithdrawn
from dingdan.areas.policies.lifecycle import EDITION, EditionState
from dingdan.areas.policies.model import Edition, Policy, PolicyDocument
from dingdan.areas.policies.promises import START
from dingdan.areas.policies.rules import linting, merging
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import deadlines, lifecycles
from dingdan.plumbing.tx import Tx


async def save_draft(
    tx: Tx, merchant_id: int | None, code: str, label: str, *, extends: str | None, given: Mapping[str, Any]
) -> tuple[Edition, PolicyDocument, list[Refusal]]:
    """Write a draft down, whole or as what is different from a version that it extends; with all that still keeps it

    from being published. Raises DocumentUnreadable, BaseUnknown, NotADraft where this version is announced.
    """
    publishing.demand_reach(tx, merchant_id)
    document = await resolve(tx, merchant_id, code, label, extends=extends, given=given)
    problems = linting.problems_of(document, publishing.canonical(document))
    before = await store.lock_edition(tx, merchant_id, code, label)
    if before is None:
        edition = await publishing.born_edition(tx, merchant_id, code, label, extends=extends, given=given)
        return edition, document, problems
    if before.state is not EditionState.DRAFT:
        raise refusals.NotADraft("version", state=before.state)
    await store.rewrite(tx, before.id, extends, given)
    return (await store.editions(tx, [before.id]))[0], document, problems


async def resolve(
    tx: Tx, merchant_id: int | None, code: str, label: str, *, extends: str | None, given: Mapping[str, Any]
) -> PolicyDocument:
    """The whole document that was written, with the code and version it stands under.

    Raises BaseUnknown, DocumentUnreadable, and what is wrong with changes of a base.
    """
    written = {**given, "id": code, "version": label}
    if extends is None:
        return merging.read({name: value for name, value in written.items() if name not in ("extends", "extends_hash")})
    base_code, _, base_label = extends.partition("@")
    base = await store.published(tx, merchant_id, base_code, base_label)
    if base is None:
        raise refusals.BaseUnknown("extends", base=extends[:100], example="cn_statutory@2026.12")
    return merging.extended(base.document, base.hash, written)


async def document_of(tx: Tx, edition: Edition) -> PolicyDocument:
    """The document of a version: as it was announced, or what the draft comes to."""
    if edition.state is EditionState.DRAFT or edition.announced_at is None:
        assert edition.given is not None, "a draft is what was given"
        return await resolve(
            tx, edition.merchant_id, edition.code, edition.label, extends=edition.extends, given=edition.given
        )
    return (await store.by_ids(tx, [edition.id]))[0].document


async def announce(tx: Tx, edition_id: int) -> Policy:
    """Publish a draft: from now on nobody changes its words, and from its day on it applies to new orders.

    Raises NotADraft, NoticeTooShort, and all that is wrong with the document.
    """
    edition = await _lock_one(tx, edition_id)
    if edition.state is not EditionState.DRAFT:
        raise refusals.NotADraft(state=edition.state)
    return await publishing.announce_edition(tx, edition, await document_of(tx, edition))


async def withdraw(tx: Tx, edition_id: int) -> Edition:
    """Take a version back that applies to nobody yet. Raises NotADraft where it does."""
    edition = await _lock_one(tx, edition_id)
    has_begun = edition.effective_from is not None and edition.effective_from <= tx.now
    if has_begun:
        raise refusals.NotADraft(state=EditionState.IN_FORCE)
    moved = await lifecycles.move(tx, "policy_editions", EDITION, "withdraw", [edition_id], ended_at=tx.now)
    if not moved:
        raise refusals.NotADraft(state=edition.state)
    await store.take_back(tx, [edition_id])
    await deadlines.call_off(tx, START, [edition_id])
    tx.announce(PolicyWithdrawn(subject_id=edition_id, merchant_id=edition.merchant_id, move=moved[edition_id]))
    return (await store.editions(tx, [edition_id]))[0]


async def _lock_one(tx: Tx, edition_id: int) -> Edition:
    found = await store.lock_editions(tx, [edition_id])
    if not found:
        raise refusals.PolicyUnknown
    publishing.demand_reach(tx, found[0].merchant_id)
    return found[0]
