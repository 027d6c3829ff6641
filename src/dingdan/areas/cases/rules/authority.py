"""Who may grant how much: alone up to their limit, above it with somebody whose limit reaches so far."""

from typing import Literal

from dingdan.areas.cases.model import CaseTerms, Remedy
from dingdan.areas.cases.refusals import BeyondAuthority, SameHand
from dingdan.kernel.actor import Actor
from dingdan.kernel.money import MAX_AMOUNT

Level = Literal["agent", "lead", "manager"]


def level_of(actor: Actor) -> Level:
    """How far somebody's word reaches; what they may do says so, whatever their title."""
    if actor.may("case.manage"):
        return "manager"
    return "lead" if actor.may("case.lead") else "agent"


def alone_up_to(actor: Actor, currency: str, terms: CaseTerms) -> int:
    """How much this person grants without anybody else, in minor units."""
    limits = {"agent": terms.agent, "lead": terms.lead, "manager": terms.manager}
    return limits[level_of(actor)].get(currency, 0)


def reach(actor: Actor, currency: str, terms: CaseTerms) -> int:
    """How much this person may say yes to when somebody else proposed it: managers to everything."""
    return MAX_AMOUNT if level_of(actor) == "manager" else alone_up_to(actor, currency, terms)


def decide_approval(remedy: Remedy, actor: Actor, terms: CaseTerms) -> None:
    """Whether this person's yes is the one that it takes. Raises SameHand or BeyondAuthority."""
    if (str(actor.kind), actor.id) == (remedy.proposed_by_kind, remedy.proposed_by):
        raise SameHand
    if remedy.amount > reach(actor, remedy.currency, terms):
        is_leads = remedy.amount <= terms.lead.get(remedy.currency, 0)
        raise BeyondAuthority(level="lead" if is_leads else "manager")


def budget_of(total: int, currency: str, terms: CaseTerms) -> int:
    """How much may be given for an order beyond what was paid for it."""
    return min(total * terms.budget_percent // 100, terms.budget_at_most.get(currency, 0))
