"""The editor of a draft: its rules as fields, and beside them what stands against it, what buyers read, and what changed."""

import hashlib
from typing import Annotated, Any

import msgspec
from litestar import Response
from msgspec import Meta

from dingdan.areas import policies, policy_desk
from dingdan.kernel.refusal import Kind, Refusal, Text
from dingdan.plumbing.doing import within
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.terms import policies_desk, policy_form, policy_trials
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import forms, naming, rendering, vocabulary
from dingdan.surfaces.shared.pages.doors import act, answered, frame_of, itself, page_response, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import Act, Done, Field, Own
from dingdan.surfaces.shared.problems import Malformed

MOST_JSON = 500_000


class DraftChanged(Refusal):
    """Somebody else saved the same draft in between."""

    code = "page.draft_changed"
    kind = Kind.CONFLICT
    message = Text("Somebody else saved this draft a moment ago.", "该草稿刚被他人保存。")
    remedy = Text(
        "Open it again and repeat what you changed; nothing of theirs is overwritten.",
        "请重新打开后再修改，对方的内容未被覆盖。",
    )


class PasteForm(Form, frozen=True, kw_only=True):
    """What a draft says, as JSON."""

    document: Annotated[str, Meta(min_length=2, max_length=MOST_JSON)]


@screen("/policies/{policy_id}/edit", permission="policy.write")
async def editor(tx: Tx, policy_id: int) -> Own:
    """A draft as fields."""
    edition = await _draft(tx, policy_id)
    document = await policies.document_of(tx, edition)
    own = frozenset(
        one["code"] for one in (edition.given or {}).get("conditions", []) if isinstance(one, dict) and "code" in one
    )
    here = naming.place("policy", policy_id)
    return Own(title=Text(document.name.en, document.name.zh), template="policy_edit.html", live=["policy"], data={
        "edition": edition, "chip": vocabulary.chip("policy", edition.state), "here": here, "seen": _seal(edition),
        "groups": policy_form.groups(document), "conditions": policy_form.condition_rows(document, own if edition.extends else frozenset(one.code for one in document.conditions)),
        "fresh": policy_form.fresh_condition(len(document.conditions) + 1), "look": await _look(tx, edition, document),
        "acts": _acts(edition, document, here), "past": await policy_trials.past_fields(tx, edition), "merchant": (await naming.merchant_names(tx, [edition.merchant_id])).get(edition.merchant_id, Text("open to all", "通用")),
    })  # fmt: skip


def _acts(edition: policies.Edition, document: policies.PolicyDocument, here: str) -> list[Act]:
    problems = policies.problems_of(document, policies.canonical(document))
    written = msgspec.json.format(msgspec.json.encode(edition.given), indent=2).decode()
    return [
        policies_desk.announcing(edition, document, len(problems)),
        Act("paste", Text("JSON in", "导入 JSON"), f"{here}/paste", fields=[
            Field("document", Text("What the draft says", "草稿内容"), "prose", value=written, longest=MOST_JSON,
                  hint=Text("What is different from the version that it is on top of; code and version stay.", "仅需填写与基础版本不同的内容；编码与版本不变。")),
        ]),
        Act("json", Text("JSON out", "导出 JSON"), f"{here}/document.json", is_link=True),
        Act("page", Text("The page", "查看政策"), here, is_link=True),
    ]  # fmt: skip


async def _draft(tx: Tx, policy_id: int) -> policies.Edition:
    """A draft of one's own. Raises PolicyUnknown, NotADraft."""
    edition = await policies.edition(tx, policy_id)
    if tx.actor.merchant_id is not None and edition.merchant_id != tx.actor.merchant_id:
        raise policies.PolicyUnknown
    if edition.state is not policies.EditionState.DRAFT:
        raise policies.NotADraft(state=edition.state)
    return edition


def _seal(edition: policies.Edition) -> str:
    return hashlib.sha256(msgspec.json.encode(edition.given, order="sorted")).hexdigest()[:16]


async def _look(tx: Tx, edition: policies.Edition, document: policies.PolicyDocument) -> dict[str, Any]:
    """What is shown beside the fields: findings, the difference in words, and what buyers read."""
    before = await policies_desk.compared_with(tx, edition)
    return {
        "problems": policies.problems_of(document, policies.canonical(document)), "unread": None,
        "before": before and f"{before.id}@{before.version}", "changes": policy_desk.reworded(before, document) if before else (),
        "places": [(place, policy_desk.sections(document, place)) for place in policy_desk.SHOWN],
    }  # fmt: skip


async def _as_edited(
    tx: Tx, edition: policies.Edition, sent: forms.Given
) -> tuple[policies.PolicyDocument, dict[str, Any]]:
    """The document that the form comes to, and what is to be written down for it."""
    document = await policies.document_of(tx, edition)
    whole = policy_form.edited(document, sent.words)
    if edition.extends is None:
        given = {name: value for name, value in whole.items() if name not in ("id", "version")}
    else:
        given = policies.on_top_of(await _base(tx, edition), whole)
    document = await policies.resolve(
        tx, edition.merchant_id, edition.code, edition.label, extends=edition.extends, given=given
    )
    return document, given


async def _base(tx: Tx, edition: policies.Edition) -> policies.PolicyDocument:
    """The version that a draft is on top of."""
    code, _, label = (edition.extends or "").partition("@")
    for owner in (edition.merchant_id, None):
        for one in await policies.versions(tx, owner, code):
            if one.version == label:
                return one.document
    raise policies.BaseUnknown("extends", base=edition.extends or "", example="cn_statutory@2026.12")


@itself("POST", "/policies/{policy_id}/edit/look", permission="policy.write")
async def look(ask: Ask, policy_id: int) -> Response[str]:
    """What the fields would come to, as somebody fills them in; nothing is kept."""
    sent = await forms.read(ask.request)
    async with ask.db.reading(ask.actor) as tx:
        await scope.demand_reach(tx, "policy", policy_id)
        edition = await _draft(tx, policy_id)
        try:
            document, _ = await _as_edited(tx, edition, sent)
            shown = await _look(tx, edition, document)
        except (policies.DocumentUnreadable, policies.FieldUnusable, Malformed) as refusal:
            shown = {"problems": refusal.problems, "before": None, "changes": (), "places": [], "unread": True}
        html = rendering.draw("policy_look.html", frame_of(ask.request, tx.now), look=shown)
    return page_response(html)


@itself("POST", "/policies/{policy_id}/edit", permission="policy.write")
async def save(ask: Ask, policy_id: int) -> Response[Any]:
    """Write the draft down as the fields say; the same again changes nothing."""
    sent = await forms.read(ask.request)

    async def body(tx: Tx) -> None:
        await scope.demand_reach(tx, "policy", policy_id)
        edition = await _draft(tx, policy_id)
        if next(iter(sent.words.get("seen", [])), "") != _seal(edition):
            raise DraftChanged
        _, given = await _as_edited(tx, edition, sent)
        await policies.save_draft(
            tx, edition.merchant_id, edition.code, edition.label, extends=edition.extends, given=given
        )

    await within(ask.db, ask.actor, body, name="policy_editor.save")
    return answered(
        ask.request, Done(text=Text("Draft saved", "草稿已保存"), to=f"{naming.place('policy', policy_id)}/edit")
    )


@act("/policies/{policy_id}/paste", permission="policy.write")
async def paste(tx: Tx, policy_id: int, form: PasteForm) -> Done:
    """Write the draft down as JSON says."""
    edition = await _draft(tx, policy_id)
    if "\\u0000" in form.document:
        raise Malformed("document", what="text has a NUL character", what_zh="文本含有 NUL 字符")
    try:
        given = msgspec.json.decode(form.document.encode(), type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed("document", what=f"not JSON: {error}", what_zh=f"不是有效的 JSON：{error}") from None
    await policies.save_draft(
        tx, edition.merchant_id, edition.code, edition.label, extends=edition.extends, given=given
    )
    return Done(text=Text("Draft saved", "草稿已保存"), to=f"{naming.place('policy', policy_id)}/edit")


ROUTES = [editor, look, save, paste]
