"""Carriers as we trust them: whose number it is, how well they carry, and who is suspended or restored."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta

from dingdan.areas import carriers
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api.carriers import CarrierView, carrier_meant, carrier_view
from dingdan.surfaces.shared import rows, scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.facts import Who, who
from dingdan.surfaces.shared.wire import (
    Code,
    Input,
    Line,
    List,
    MerchantRef,
    Moment,
    Page,
    PageQuery,
    View,
    Word,
    page_of,
    ref,
    slice_of,
)

# One end of a lane as scorecards name it: a province of China, a region elsewhere, or a country.
Place = Annotated[str, Meta(pattern="^([A-Z]{2}(-[A-Z0-9]{1,6})?)?$", examples=["CN-33", "HK"])]


class WordsView(View, frozen=True, kw_only=True):
    """The same words in Chinese and English."""

    zh: str
    en: str


class DetectQuery(Input, frozen=True, kw_only=True):
    """A tracking number as it stands on a label."""

    number: Line


class DetectedView(View, frozen=True, kw_only=True):
    """A carrier that a number fits, which form of its numbers that is, and what it rests on."""

    carrier: str
    name: WordsView
    form: str
    sureness: carriers.Sureness


class FigureView(View, frozen=True, kw_only=True):
    """One measure in millionths: the rate that is graded, what it was steadied by, and Wilson's bounds of the raw rate."""

    name: str
    samples: int
    bad: int
    rate: int
    prior: int
    low: int
    high: int
    grade: carriers.Grade
    why: WordsView


class ScorecardView(View, frozen=True, kw_only=True):
    """What an evaluation found, what follows from it, and when the next one is. Empty ends mean the whole carrier.

    `inputs` are pairs of samples and what went wrong; those of other carriers are shown to the platform only.
    """

    id: str
    carrier: str
    origin: str
    destination: str
    since: datetime
    until: datetime
    grade: carriers.Grade
    standing: carriers.Grade | None
    is_by_hand: bool
    share: int
    samples: int
    figures: list[FigureView]
    consequence: WordsView
    proposal: str | None
    inputs: dict[str, Any]
    made_at: datetime
    next_evaluation_at: datetime | None


class ScorecardQuery(Input, frozen=True, kw_only=True):
    """Whose carrier, and on which lane."""

    merchant: MerchantRef | None = None
    origin: Place = ""
    destination: Place = ""


class ScorecardsQuery(PageQuery, frozen=True, kw_only=True):
    """Whose carrier."""

    merchant: MerchantRef | None = None


class DecideCarrierInput(Input, frozen=True, kw_only=True):
    """Why, as a code."""

    merchant: MerchantRef | None = None
    reason: Code


class CarrierNoteInput(Input, frozen=True, kw_only=True):
    """What was said about the carrier, or agreed with it."""

    merchant: MerchantRef | None = None
    text: Annotated[str, Meta(min_length=1, max_length=1000)]


class CarrierNotesQuery(Input, frozen=True, kw_only=True):
    """Whose carrier of this code."""

    merchant: MerchantRef | None = None


class CarrierNoteView(View, frozen=True, kw_only=True):
    """A note about a carrier; only the house whose carrier it is reads it."""

    text: str
    by: Who
    at: datetime


class EvaluateInput(Input, frozen=True, kw_only=True):
    """Whose carrier."""

    merchant: MerchantRef | None = None


class GradeInput(Input, frozen=True, kw_only=True):
    """A grade that holds until a moment whatever evaluations say; of a lane, or of the whole carrier."""

    merchant: MerchantRef | None = None
    origin: Place = ""
    destination: Place = ""
    grade: carriers.Grade
    reason: Code
    ends_at: Moment


@get("/v1/carriers/detect", permission="carrier.read")
async def detect(tx: Tx, query: DetectQuery) -> List[DetectedView]:
    """The carriers whose numbers look like this one, the surest first."""
    return List(items=[
        DetectedView(
            carrier=one.carrier, name=WordsView(zh=one.name.zh, en=one.name.en), form=one.form, sureness=one.sureness
        )
        for one in carriers.detect(query.number)
    ])  # fmt: skip


@post("/v1/carriers/{code}/suspend", permission="carrier.decide")
async def suspend(tx: Tx, code: Word, body: DecideCarrierInput) -> CarrierView:
    """Give the carrier no more parcels and offer its lanes no longer."""
    owner = await scope.merchant_filter(tx, body.merchant, "merchant")
    one = await carrier_meant(tx, owner, code)
    await carriers.suspend(tx, one.id, reason=body.reason)
    return await carrier_view(tx, await carrier_meant(tx, owner, code))


@post("/v1/carriers/{code}/restore", permission="carrier.decide")
async def restore(tx: Tx, code: Word, body: DecideCarrierInput) -> CarrierView:
    """Put a carrier that was warned or suspended in good standing."""
    owner = await scope.merchant_filter(tx, body.merchant, "merchant")
    one = await carrier_meant(tx, owner, code)
    await carriers.restore(tx, one.id, reason=body.reason)
    return await carrier_view(tx, await carrier_meant(tx, owner, code))


@post("/v1/carriers/{code}/notes", permission="carrier.decide", status=201)
async def note(tx: Tx, code: Word, body: CarrierNoteInput) -> CarrierNoteView:
    """Write a note about a carrier of one's own house."""
    one = await carrier_meant(tx, await scope.merchant_filter(tx, body.merchant, "merchant"), code)
    return _note(await carriers.note(tx, one.id, text=body.text))


@get("/v1/carriers/{code}/notes", permission="carrier.read")
async def notes(tx: Tx, code: Word, query: CarrierNotesQuery) -> List[CarrierNoteView]:
    """The newest hundred notes about a carrier of one's own house, newest first."""
    one = await carrier_meant(tx, await scope.merchant_filter(tx, query.merchant), code)
    return List(items=[_note(found) for found in await carriers.notes_of(tx, one.id)])


def _note(found: carriers.CarrierNote) -> CarrierNoteView:
    return CarrierNoteView(text=found.text, by=who(found.said_by_kind, found.said_by), at=found.at)


@post("/v1/carriers/{code}/evaluate", permission="carrier.decide")
async def evaluate(tx: Tx, code: Word, body: EvaluateInput) -> CarrierView:
    """Have the carrier evaluated by its last 30 days; the scorecard is there a moment later."""
    owner = await scope.merchant_filter(tx, body.merchant, "merchant")
    one = await carrier_meant(tx, owner, code)
    await carriers.evaluate(tx, one.id)
    return await carrier_view(tx, one)


@post("/v1/carriers/{code}/grade", permission="carrier.decide")
async def grade(tx: Tx, code: Word, body: GradeInput) -> CarrierView:
    """Let the carrier count as of a grade for a time; its share of parcels goes by it at once."""
    owner = await scope.merchant_filter(tx, body.merchant, "merchant")
    one = await carrier_meant(tx, owner, code)
    with rows.one_of_a_set():
        await carriers.set_grade(tx, carriers.SetGrade(
            carrier_id=one.id, origin=body.origin, destination=body.destination, grade=body.grade, reason=body.reason,
            ends_at=body.ends_at,
        ))  # fmt: skip
    return await carrier_view(tx, one)


@get("/v1/carriers/{code}/scorecard", permission="carrier.read")
async def scorecard(tx: Tx, code: Word, query: ScorecardQuery) -> ScorecardView:
    """The last evaluation of a carrier on a lane, or as a whole: every figure with its samples, bounds and reason."""
    one = await carrier_meant(tx, await scope.merchant_filter(tx, query.merchant), code)
    found = await carriers.scorecard(tx, one.id, query.origin, query.destination)
    if found is None:
        raise carriers.NoScorecard("query.origin" if query.origin else "path.code", code=code)
    return await _view(tx, one, found)


@get("/v1/carriers/{code}/scorecards", permission="carrier.read")
async def scorecards(tx: Tx, code: Word, query: ScorecardsQuery) -> Page[ScorecardView]:
    """Every evaluation of a carrier and of its lanes, oldest first."""
    one = await carrier_meant(tx, await scope.merchant_filter(tx, query.merchant), code)
    asked = slice_of(query)
    found = await carriers.scorecards(tx, one.id, asked.with_one_more)
    views = {card.id: await _view(tx, one, card) for card in found}
    return page_of(asked, found, lambda card: views[card.id])


async def _view(tx: Tx, one: carriers.Carrier, card: carriers.Scorecard) -> ScorecardView:
    standing = (await carriers.standings(tx, [one.id], card.origin, card.destination))[one.id]
    clocks = await deadlines.of_subjects(tx, [one.id])
    words = carriers.CONSEQUENCES[card.grade]
    return ScorecardView(
        id=ref("scorecard", card.id), carrier=one.code, origin=card.origin, destination=card.destination,
        since=card.since, until=card.until, grade=card.grade, standing=standing.grade, is_by_hand=standing.is_by_hand,
        share=standing.share, samples=card.samples, figures=[_figure(figure) for figure in card.figures],
        consequence=WordsView(zh=words.zh, en=words.en),
        proposal=carriers.proposal(one, standing.grade or card.grade) if not card.origin else None,
        inputs=card.inputs if tx.actor.merchant_id is None else {"own": card.inputs["own"]},
        made_at=card.made_at,
        next_evaluation_at=next((clock.at for clock in clocks if clock.kind == carriers.EVALUATE.name), None),
    )  # fmt: skip


def _figure(figure: carriers.Figure) -> FigureView:
    why = carriers.explain(figure)
    return FigureView(
        name=figure.name, samples=figure.samples, bad=figure.bad, rate=figure.rate, prior=figure.prior, low=figure.low,
        high=figure.high, grade=figure.grade, why=WordsView(zh=why.zh, en=why.en),
    )  # fmt: skip


ROUTES = [detect, suspend, restore, note, notes, evaluate, grade, scorecard, scorecards]
