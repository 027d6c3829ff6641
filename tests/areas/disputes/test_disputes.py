"""Two sides who cannot agree: each shows in its turn, somebody rules, one appeals once, and it is carried out once."""

import asyncio

import pytest
from tests import given
from tests.areas.disputes import court
from tests.areas.disputes.court import ANNA, BO, CHEN, NOTHING
from tests.areas.returns import road

from dingdan.areas import cases, disputes, evidence, orders, returns
from dingdan.areas.disputes import AtFault, DisputeState, Issue, OpenDispute, Outcome, RulingState, Wish
from dingdan.areas.talks import Side
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at


class TestOpening:
    @pytest.mark.requirement("R6.1")
    async def test_comes_after_a_refusal_or_a_day_of_talk(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop)
        held = await road.applied(db, shop, returns.ApplyLine(1, "QUALITY_DEFECT", order_id, 1))
        with pytest.raises(disputes.StillNegotiating):
            await court.opened(db, held)
        wanted = OpenDispute(subject="return", subject_id=held.id, issue=Issue.OTHER, side=Side.BUYER,
                             lines=court.REFUND, text="没有人理我。")  # fmt: skip
        one = await do_at(db, SYSTEM, held.requested_at + court.DAY, disputes.open_dispute, wanted)
        assert one.state is DisputeState.SHOWING

        other = await court.refused(db)
        assert (await court.opened(db, other)).claim == list(court.REFUND)
        with pytest.raises(disputes.DisputeOpenAlready):
            await court.opened(db, other)

    @pytest.mark.requirement("R6.1")
    async def test_has_its_time_and_needs_a_matter(self, db: Database) -> None:
        held = await court.refused(db)
        assert held.decided_at is not None
        wanted = OpenDispute(subject="return", subject_id=held.id, issue=Issue.OTHER, side=Side.BUYER,
                             lines=court.REFUND, text="不同意。")  # fmt: skip
        late = held.decided_at + disputes.OPEN_WITHIN + court.SHORTLY
        with pytest.raises(disputes.DisputeTooLate):
            await do_at(db, SYSTEM, late, disputes.open_dispute, wanted)

        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop)
        fine = await road.applied(db, shop, returns.ApplyLine(1, "NO_REASON", order_id, 1))
        with pytest.raises(disputes.NothingToDispute):
            await court.opened(db, fine)

    async def test_holds_the_money_and_the_completion_of_its_order_only_while_it_is_open(self, db: Database) -> None:
        held = await court.refused(db)
        one = await court.opened(db, held)
        async with db.reading(SYSTEM) as tx:
            assert await disputes.open_of_orders(tx, [held.order_id]) == {held.order_id}
            (against,) = [
                o for o in (await orders.objections(tx, [held.order_id]))[held.order_id] if o.cause == "dispute"
            ]
        assert against.settled_at is None
        with pytest.raises(disputes.NotYourDispute):
            await do(db, SYSTEM, disputes.withdraw, one.id, side=Side.SELLER)
        await do(db, SYSTEM, disputes.withdraw, one.id, side=Side.BUYER)
        async with db.reading(SYSTEM) as tx:
            assert await disputes.open_of_orders(tx, [held.order_id]) == set()
            (against,) = [
                o for o in (await orders.objections(tx, [held.order_id]))[held.order_id] if o.cause == "dispute"
            ]
        assert (against.outcome, await court.clocks(db, one)) == ("withdrawn", {})
        assert (await court.opened(db, held, evidence=())).id != one.id

    async def test_refuses_what_makes_no_sense_all_at_once(self, db: Database) -> None:
        held = await court.refused(db)
        foreign = await court.picture(db, (await court.refused(db)).order_id)
        for lines, text, files, codes in (
            ((), "a", (), {"dispute.claim_unfit"}),
            ((Wish(9, 1, Outcome.REFUND),), "a", (), {"order.line_unknown"}),
            ((Wish(1, 2, Outcome.REFUND),), "a", (), {"dispute.claim_unfit"}),
            ((Wish(1, 1, Outcome.REFUND, 5), Wish(1, 1, Outcome.REFUND)), "a", (), {"dispute.claim_unfit"}),
            ((Wish(1, 1, Outcome.REDUCE),), "a", (), {"dispute.claim_unfit"}),
            (court.REFUND, "\0", (foreign, 5), {"dispute.words_unfit", "evidence.unknown"}),
            (court.REFUND, " ", (), {"dispute.words_unfit"}),
            (court.REFUND, "a" * 2001, (), {"dispute.words_unfit"}),
        ):
            with pytest.raises(Refusal) as no:
                await court.opened(db, held, lines=lines, text=text, evidence=files)
            assert {one.code for one in no.value.problems} == codes
        with pytest.raises(returns.ReturnUnknown):
            await court.opened(db, held, subject_id=1, evidence=())
        with pytest.raises(cases.CaseUnknown):
            await court.opened(db, held, subject="case", subject_id=1, evidence=())


class TestShowing:
    @pytest.mark.requirement("R6.2")
    async def test_goes_by_turns_and_both_see_everything(self, db: Database) -> None:
        held = await court.refused(db)
        one = await court.opened(db, held)
        assert await court.proofs(db, one) == [("buyer", "shown"), ("seller", "due"), ("buyer", "later")]
        with pytest.raises(disputes.NotYourTurn):
            await do(db, SYSTEM, disputes.show, one.id, side=Side.BUYER, text="还有")
        shot = await court.picture(db, held.order_id, "b")
        await do(db, SYSTEM, disputes.show, one.id, side=Side.SELLER, text="出库时完好。", files=(shot,))
        assert await court.proofs(db, one) == [("buyer", "shown"), ("seller", "shown"), ("buyer", "due")]
        await do(db, SYSTEM, disputes.show, one.id, side=Side.BUYER, text="收到时就裂了。")
        after = await court.now(db, one)
        assert (after.state, set(await court.clocks(db, one))) == (DisputeState.DECIDING, {"dispute.rule"})
        async with db.reading(SYSTEM) as tx:
            said = await disputes.entries(tx, after)
        assert [told.text for told in said] == ["杯子裂了。", "出库时完好。", "收到时就裂了。"]
        assert isinstance(said[1].thing, disputes.DisputeEntry)
        assert said[1].thing.evidence == [shot]

    @pytest.mark.requirement("R6.2")
    async def test_needs_a_file_where_words_prove_nothing(self, db: Database) -> None:
        one = await court.opened(db, await court.refused(db), evidence=())
        assert await court.proofs(db, one) == [("buyer", "due"), ("seller", "later"), ("buyer", "later")]
        with pytest.raises(disputes.ProofMissing):
            await do(db, SYSTEM, disputes.show, one.id, side=Side.BUYER, text="就是坏的")
        with pytest.raises(evidence.EvidenceUnknown):
            await do(db, SYSTEM, disputes.show, one.id, side=Side.BUYER, text="就是坏的", files=(7,))

    @pytest.mark.requirement("R6.2")
    async def test_silence_of_a_seller_who_had_to_prove_it_grants_the_claim(self, db: Database) -> None:
        held = await court.refused(db)
        one = await court.opened(db, held, issue=Issue.COUNTERFEIT)
        after = await court.turn_over(db, one)
        async with db.reading(SYSTEM) as tx:
            (ruled,) = await disputes.rulings(tx, after)
        assert isinstance(ruled.thing, disputes.Ruling)
        assert (after.state, after.silent) == (DisputeState.RULED, Side.SELLER)
        assert (ruled.thing.lines, ruled.thing.rules, ruled.thing.ruled_by_kind) == (
            list(court.REFUND), ["PLATFORM_SILENCE"], "system",
        )  # fmt: skip
        assert await court.proofs(db, one) == [("seller", "silent"), ("buyer", "not_asked")]
        assert (await court.appeal_days_over(db, one)).state is DisputeState.EXECUTED
        assert await court.paid_back(db, held.order_id) == [199_00]

    @pytest.mark.requirement("R6.2")
    async def test_silence_of_a_buyer_who_had_to_prove_it_rejects_the_claim(self, db: Database) -> None:
        held = await court.refused(db)
        one = await court.turn_over(db, await court.opened(db, held, evidence=()))
        assert (one.state, one.silent) == (DisputeState.RULED, Side.BUYER)
        done = await court.appeal_days_over(db, one)
        assert (done.state, done.case_id) == (DisputeState.EXECUTED, None)
        assert await court.paid_back(db, held.order_id) == []

    @pytest.mark.requirement("R6.2")
    async def test_silence_where_nothing_had_to_be_proved_passes_the_word_on(self, db: Database) -> None:
        one = await court.opened(db, await court.refused(db))
        await do(db, SYSTEM, disputes.show, one.id, side=Side.SELLER, text="出库时完好。")
        after = await court.turn_over(db, one)
        assert (after.state, after.silent) == (DisputeState.DECIDING, None)

    @pytest.mark.requirement("R6.2")
    async def test_above_the_limit_a_person_rules_and_is_bound_by_the_silence(self, db: Database) -> None:
        held = await court.refused(db, prices={"VASE": 6_000_00})
        one = await court.turn_over(db, await court.opened(db, held, issue=Issue.COUNTERFEIT))
        assert (one.state, one.silent) == (DisputeState.DECIDING, Side.SELLER)
        with pytest.raises(disputes.AgainstSilence):
            await do(db, ANNA, disputes.rule, one.id, court.ruling(NOTHING))

    def test_every_issue_says_who_proves_what(self) -> None:
        assert set(disputes.TABLE) == set(Issue)
        for turns in disputes.TABLE.values():
            assert turns[0].bears
            assert {turn.side for turn in turns} == set(Side)
            assert all(turn.what.en and turn.what.zh for turn in turns)


class TestRuling:
    @pytest.mark.requirement("R6.3")
    async def test_gives_reasons_and_rules_or_is_refused(self, db: Database) -> None:
        one = await court.heard(db, await court.refused(db))
        for wrong, codes in (
            (court.ruling(text="因为。"), {"ruling.unfit"}),
            (court.ruling(rules=()), {"ruling.unfit"}),
            (court.ruling(rules=("NO_SUCH_RULE",), text="短", lines=(Wish(1, 5, Outcome.REFUND),)),
             {"ruling.unfit", "dispute.claim_unfit"}),
            (court.ruling((Wish(1, 1, Outcome.REDUCE, 199_01),)), {"refund.over_refund"}),
        ):  # fmt: skip
            with pytest.raises(Refusal) as no:
                await do(db, ANNA, disputes.rule, one.id, wrong)
            assert {problem.code for problem in no.value.problems} == codes
        ruled = await do(db, ANNA, disputes.rule, one.id, court.ruling(rules=("CN_QUALITY", "PLATFORM_PROVED")))
        async with db.reading(SYSTEM) as tx:
            (told,) = await disputes.rulings(tx, await disputes.get_one(tx, one.id))
        assert (ruled.state, ruled.worth, told.text) == (RulingState.GIVEN, 199_00, court.WHY)

    @pytest.mark.requirement("R6.3")
    async def test_is_carried_out_once_when_nobody_appeals(self, db: Database) -> None:
        held = await court.refused(db)
        one, _ = await court.ruled(db, held)
        done = await court.appeal_days_over(db, one)
        assert (done.state, await court.remedies(db, done)) == (DisputeState.EXECUTED, [("refund", "executed")])
        await court.carried_out(db, one)
        with pytest.raises(disputes.DisputeStateForbids):
            await do(db, SYSTEM, disputes.execute, one.id)
        assert await court.paid_back(db, held.order_id) == [199_00]
        async with db.reading(SYSTEM) as tx:
            case = await cases.get_one(tx, done.case_id or 0)
            assert (await orders.objections(tx, [held.order_id]))[held.order_id][-1].outcome == "ruled"
        assert (case.state, case.closure, case.liable) == ("closed", "carried_out", cases.Liable.MERCHANT)
        with pytest.raises(disputes.DisputeOpenAlready):
            await court.opened(db, held, evidence=())

    @pytest.mark.requirement("R6.3")
    @pytest.mark.parametrize(("lines", "kinds", "back"), [
        ((Wish(1, 1, Outcome.REDUCE, 50_00),), [("refund", "executed")], [50_00]),
        ((Wish(1, 1, Outcome.REPLACE),), [("reship", "executed")], []),
        ((Wish(1, 1, Outcome.RETURN_REFUND),), [("take_back", "executed")], []),
        (NOTHING, [], []),
    ])  # fmt: skip
    async def test_becomes_what_was_ruled(
        self, db: Database, lines: tuple[Wish, ...], kinds: list[tuple[str, str]], back: list[int]
    ) -> None:
        held = await court.refused(db)
        one, _ = await court.ruled(db, held, lines=lines)
        for side in Side:
            await do(db, SYSTEM, disputes.accept, one.id, side=side)
        done = await court.carried_out(db, one)
        assert (done.state, await court.remedies(db, done)) == (DisputeState.EXECUTED, kinds)
        assert await court.paid_back(db, held.order_id) == back

    async def test_takes_the_place_of_an_application_that_nobody_decided(self, db: Database) -> None:
        shop = await given.shop(db)
        order_id = await given.delivered_order(db, shop)
        held = await road.applied(db, shop, returns.ApplyLine(1, "QUALITY_DEFECT", order_id, 1))
        wanted = OpenDispute(subject="return", subject_id=held.id, issue=Issue.OTHER, side=Side.BUYER,
                             lines=court.REFUND, text="没有人理我。")  # fmt: skip
        one = await do_at(db, SYSTEM, held.requested_at + court.DAY, disputes.open_dispute, wanted)
        one = await do(db, SYSTEM, disputes.show, one.id, side=Side.SELLER, text="再等等。")
        await do(db, ANNA, disputes.rule, one.id, court.ruling())
        done = await court.appeal_days_over(db, one)
        assert (done.state, (await road.now_is(db, held)).decision) == (DisputeState.EXECUTED, "withdrawn")
        assert await court.paid_back(db, order_id) == [199_00]

    async def test_what_cannot_be_carried_out_waits_and_says_why(self, db: Database) -> None:
        held = await court.refused(db, stock=1)
        one, _ = await court.ruled(db, held, lines=(Wish(1, 1, Outcome.REPLACE),))
        waiting = await court.appeal_days_over(db, one)
        assert (waiting.state, set(await court.clocks(db, one))) == (DisputeState.FINAL, {"dispute.comply"})
        with pytest.raises(disputes.SellersTime):
            await do(db, ANNA, disputes.execute, one.id)
        assert waiting.do_by is not None
        with pytest.raises(cases.NothingToSend):
            await do_at(db, ANNA, waiting.do_by, disputes.execute, one.id)

    @pytest.mark.requirement("R6.3")
    async def test_above_the_limit_takes_two_who_are_not_the_same(self, db: Database) -> None:
        held = await court.refused(db, prices={"VASE": 6_000_00})
        one, proposed = await court.ruled(db, held)
        assert (one.state, proposed.state) == (DisputeState.DECIDING, RulingState.PROPOSED)
        with pytest.raises(disputes.RulingOpen):
            await do(db, BO, disputes.rule, one.id, court.ruling(NOTHING))
        with pytest.raises(disputes.NotImpartial):
            await do(db, ANNA, disputes.sign, proposed.id)
        await do(db, BO, disputes.refuse, proposed.id)
        again = await do(db, CHEN, disputes.rule, one.id, court.ruling())
        signed = await do(db, BO, disputes.sign, again.id)
        assert (signed.state, signed.signed_by) == (RulingState.GIVEN, BO.id)
        assert (await court.now(db, one)).state is DisputeState.RULED
        with pytest.raises(disputes.RulingStateForbids):
            await do(db, BO, disputes.sign, again.id)

    @pytest.mark.requirement("R6.4")
    async def test_is_for_people_of_the_platform_who_had_no_hand_in_it(self, db: Database) -> None:
        held = await court.refused(db, hand=ANNA)
        one = await court.heard(db, held)
        with pytest.raises(disputes.NotImpartial):
            await do(db, ANNA, disputes.rule, one.id, court.ruling())
        for other in (SYSTEM, Actor(ActorKind.STAFF, 74, "seller", held.merchant_id, ANNA.permissions)):
            with pytest.raises(disputes.NeedsArbitrator):
                await do(db, other, disputes.rule, one.id, court.ruling())
        assert (await do(db, BO, disputes.rule, one.id, court.ruling())).state is RulingState.GIVEN

    async def test_of_two_at_once_is_one(self, db: Database) -> None:
        held = await court.refused(db)
        one = await court.heard(db, held)
        answers = await asyncio.gather(
            do(db, ANNA, disputes.rule, one.id, court.ruling()),
            do(db, BO, disputes.rule, one.id, court.ruling(NOTHING)),
            return_exceptions=True,
        )
        assert sum(isinstance(answer, disputes.Ruling) for answer in answers) == 1
        assert sum(isinstance(answer, disputes.DisputeStateForbids) for answer in answers) == 1
        async with db.reading(SYSTEM) as tx:
            assert len(await disputes.rulings(tx, await disputes.get_one(tx, one.id))) == 1

    async def test_that_does_not_come_is_noticed_before_and_after(self, db: Database) -> None:
        one = await court.heard(db, await court.refused(db))
        assert one.rule_by is not None
        for at in (one.rule_by - disputes.RULE_WITHIN / 4, one.rule_by + court.SHORTLY, one.rule_by + 2 * court.DAY):
            await deadlines.run_due(db, disputes.RULE_BY, disputes.note_unruled, at=at, on_rung=disputes.remind_to_rule)
        async with db.reading(SYSTEM) as tx:
            rows = await tx.fetch("SELECT data->>'rung' AS rung FROM facts WHERE wire = 'dispute.unruled' ORDER BY id")
        await do(db, ANNA, disputes.rule, one.id, court.ruling())
        assert [row["rung"] for row in rows] == ["half_gone", "overdue", "day_over"]


class TestAppeal:
    @pytest.mark.requirement("R6.4")
    async def test_is_decided_once_by_somebody_else_and_is_final(self, db: Database) -> None:
        held = await court.refused(db)
        one, _ = await court.ruled(db, held)
        await do(db, SYSTEM, disputes.appeal, one.id, side=Side.SELLER, text="有新的检测报告，请重新审理。")
        with pytest.raises(disputes.DisputeStateForbids):
            await do(db, SYSTEM, disputes.appeal, one.id, side=Side.BUYER, text="我也不同意。")
        await court.turn_over(db, one)
        with pytest.raises(disputes.NotImpartial):
            await do(db, ANNA, disputes.rule, one.id, court.ruling(NOTHING))
        last = await do(db, BO, disputes.rule, one.id, court.ruling(NOTHING, fault=AtFault.BUYER, freight=Side.BUYER))
        assert (last.instance, last.state) == (disputes.Instance.APPEAL, RulingState.GIVEN)
        done = await court.carried_out(db, one)
        assert (done.state, done.case_id, await court.paid_back(db, held.order_id)) == (DisputeState.EXECUTED, None, [])

    @pytest.mark.requirement("R6.4")
    async def test_has_its_days_and_is_not_for_who_accepted(self, db: Database) -> None:
        one, _ = await court.ruled(db, await court.refused(db))
        assert one.appeal_by is not None
        with pytest.raises(disputes.AppealTimeOver):
            await do_at(
                db, SYSTEM, one.appeal_by + court.SHORTLY, disputes.appeal, one.id, side=Side.SELLER, text="不服"
            )
        await do(db, SYSTEM, disputes.accept, one.id, side=Side.SELLER)
        await do(db, SYSTEM, disputes.accept, one.id, side=Side.SELLER)
        with pytest.raises(disputes.AcceptedAlready):
            await do(db, SYSTEM, disputes.appeal, one.id, side=Side.SELLER, text="又不服了")
        assert (await court.now(db, one)).state is DisputeState.RULED
