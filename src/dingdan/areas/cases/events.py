"""Facts about trouble: noticed, owned, worked on, made good, and what carriers owe for it."""

from dingdan.kernel.event import Event


class CaseOpened(Event, frozen=True, kw_only=True):
    """Something went wrong and somebody looks after it; `is_told` says that the buyer is told of it."""

    wire = "case.opened"
    subject = "case"

    kind: str
    source: str
    is_told: bool


class CaseRepeated(Event, frozen=True, kw_only=True):
    """The same trouble was told again while its case is open."""

    wire = "case.repeated"
    subject = "case"

    kind: str
    source: str


class CaseAttached(Event, frozen=True, kw_only=True):
    """A case that came without an order is about this one."""

    wire = "case.attached"
    subject = "case"

    kind: str
    is_told: bool


class CaseAssigned(Event, frozen=True, kw_only=True):
    """Somebody answers for the case now: a person, or where none is there the queue of the role."""

    wire = "case.assigned"
    subject = "case"

    role: str
    staff_id: int | None


class CaseHandedOver(Event, frozen=True, kw_only=True):
    """Somebody gave the case to somebody else."""

    wire = "case.handed_over"
    subject = "case"

    role: str
    staff_id: int | None
    reason: str


class CaseEscalated(Event, frozen=True, kw_only=True):
    """The case went up, or its top was warned again; `reason` is what was missed, or why somebody wanted it."""

    wire = "case.escalated"
    subject = "case"

    level: int
    reason: str


class CaseInvestigated(Event, frozen=True, kw_only=True):
    """The buyer was spoken to, and the work has begun."""

    wire = "case.investigated"
    subject = "case"


class CaseUpdated(Event, frozen=True, kw_only=True):
    """The buyer was told how things stand, and when they hear of it next."""

    wire = "case.updated"
    subject = "case"

    plan: str
    is_told: bool


class CaseAsked(Event, frozen=True, kw_only=True):
    """The buyer was asked something; our clocks stand still until the answer or its deadline."""

    wire = "case.asked"
    subject = "case"


class CaseAnswered(Event, frozen=True, kw_only=True):
    """The buyer answered; our clocks run on."""

    wire = "case.answered"
    subject = "case"


class CaseUnanswered(Event, frozen=True, kw_only=True):
    """The buyer did not answer in time."""

    wire = "case.unanswered"
    subject = "case"

    then: str


class CaseRemedied(Event, frozen=True, kw_only=True):
    """The first remedy was carried out."""

    wire = "case.remedied"
    subject = "case"

    remedy: str
    is_told: bool


class CaseClosed(Event, frozen=True, kw_only=True):
    """The case ended; `liable` bears what it cost."""

    wire = "case.closed"
    subject = "case"

    kind: str
    closure: str
    liable: str | None
    is_told: bool


class CaseWithdrawn(Event, frozen=True, kw_only=True):
    """There was nothing to it."""

    wire = "case.withdrawn"
    subject = "case"

    reason: str
    is_told: bool


class CaseRated(Event, frozen=True, kw_only=True):
    """The buyer said how well it was looked after."""

    wire = "case.rated"
    subject = "case"

    rating: int


class CaseKindSaved(Event, frozen=True, kw_only=True):
    """A kind of trouble has a new version."""

    wire = "case_kind.saved"
    subject = "case_kind"

    code: str
    number: int
    is_active: bool


class CaseSkillsSet(Event, frozen=True, kw_only=True):
    """Somebody takes other kinds of trouble; none is all of their role."""

    wire = "case_skills.set"
    subject = "staff"

    kinds: list[str]


class RemedyProposed(Event, frozen=True, kw_only=True):
    """Somebody wants to make it good in this way."""

    wire = "remedy.proposed"
    subject = "remedy"

    case_id: int
    kind: str
    amount: int
    currency: str


class RemedyApproved(Event, frozen=True, kw_only=True):
    """It may be granted; `waits_for` names what it still takes: the buyer's word, somebody who pays, or nothing."""

    wire = "remedy.approved"
    subject = "remedy"

    case_id: int
    waits_for: str


class RemedyExecuted(Event, frozen=True, kw_only=True):
    """It was carried out, once."""

    wire = "remedy.executed"
    subject = "remedy"

    case_id: int
    kind: str
    amount: int
    currency: str


class RemedyDeclined(Event, frozen=True, kw_only=True):
    """The buyer wants something else."""

    wire = "remedy.declined"
    subject = "remedy"

    case_id: int


class RemedyRefused(Event, frozen=True, kw_only=True):
    """It is not granted."""

    wire = "remedy.refused"
    subject = "remedy"

    case_id: int
    reason: str


class ClaimDrafted(Event, frozen=True, kw_only=True):
    """A carrier shall pay for a parcel."""

    wire = "claim.drafted"
    subject = "claim"

    case_id: int
    parcel_id: int | None
    return_parcel_id: int | None
    value: int
    currency: str


class ClaimFiled(Event, frozen=True, kw_only=True):
    """The claim is with the carrier, whose seven days run."""

    wire = "claim.filed"
    subject = "claim"

    case_id: int
    carrier: str


class ClaimChased(Event, frozen=True, kw_only=True):
    """The carrier let its time to answer pass and was asked again."""

    wire = "claim.chased"
    subject = "claim"

    case_id: int
    carrier: str
    times: int


class ClaimDueSoon(Event, frozen=True, kw_only=True):
    """The time to file the claim is nearly over and nobody has."""

    wire = "claim.due_soon"
    subject = "claim"

    case_id: int
    carrier: str


class ClaimAnswered(Event, frozen=True, kw_only=True):
    """The carrier says how much of it it will pay."""

    wire = "claim.answered"
    subject = "claim"

    case_id: int
    carrier: str
    answer: str
    accepted: int
    hours: int


class ClaimRecovered(Event, frozen=True, kw_only=True):
    """The carrier's money came."""

    wire = "claim.recovered"
    subject = "claim"

    case_id: int
    amount: int
    currency: str


class ClaimWrittenOff(Event, frozen=True, kw_only=True):
    """Nothing more is expected of the carrier."""

    wire = "claim.written_off"
    subject = "claim"

    case_id: int
    reason: str
