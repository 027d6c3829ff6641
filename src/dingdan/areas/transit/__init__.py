"""transit: parcels on their way. Carriers are listened to and asked, what goes wrong is noticed, parcels are called back."""

from dingdan.areas.transit.asking import ask_carriers
from dingdan.areas.transit.events import (
    InterceptAsked,
    InterceptFailed,
    ParcelDisappeared,
    ParcelIntercepted,
    ParcelOverdue,
    ParcelSilent,
    ParcelUnscanned,
)
from dingdan.areas.transit.intercepting import (
    end_interceptions,
    give_up_interception,
    intercept,
    intercept_order,
    may_call_back,
    may_come_back,
)
from dingdan.areas.transit.jobs import SCRIPTS, ask_carrier, bring_back, order_plan, push_due, push_sandbox, sandbox
from dingdan.areas.transit.learning import learn
from dingdan.areas.transit.model import Estimate, Feed, Interception, Plan
from dingdan.areas.transit.noticing import notice_overdue, notice_silence, notice_unscanned
from dingdan.areas.transit.promises import ARRIVAL, ASK_CARRIER, FIRST_SCAN, INTERCEPT_ANSWER, SANDBOX_PUSH, SILENCE
from dingdan.areas.transit.reading import arrivals, feeds, interceptions, normals
from dingdan.areas.transit.refusals import (
    CarrierNotConnected,
    InterceptionNotOffered,
    InterceptionOpen,
    PlanUnfit,
    PushNotSigned,
    PushUnreadable,
    TooLateToIntercept,
)
from dingdan.areas.transit.rules.arrival import estimate
from dingdan.areas.transit.rules.asking import LIMITS
from dingdan.areas.transit.rules.telling import NOTICED, WORDS, last_known
from dingdan.areas.transit.tracking import named, read_push, take_in_push
from dingdan.areas.transit.watching import stop_watching, watch

__all__ = [
    "ARRIVAL",
    "ASK_CARRIER",
    "FIRST_SCAN",
    "INTERCEPT_ANSWER",
    "LIMITS",
    "NOTICED",
    "SANDBOX_PUSH",
    "SCRIPTS",
    "SILENCE",
    "WORDS",
    "CarrierNotConnected",
    "Estimate",
    "Feed",
    "InterceptAsked",
    "InterceptFailed",
    "Interception",
    "InterceptionNotOffered",
    "InterceptionOpen",
    "ParcelDisappeared",
    "ParcelIntercepted",
    "ParcelOverdue",
    "ParcelSilent",
    "ParcelUnscanned",
    "Plan",
    "PlanUnfit",
    "PushNotSigned",
    "PushUnreadable",
    "TooLateToIntercept",
    "arrivals",
    "ask_carrier",
    "ask_carriers",
    "bring_back",
    "end_interceptions",
    "estimate",
    "feeds",
    "give_up_interception",
    "intercept",
    "intercept_order",
    "interceptions",
    "last_known",
    "learn",
    "may_call_back",
    "may_come_back",
    "named",
    "normals",
    "notice_overdue",
    "notice_silence",
    "notice_unscanned",
    "order_plan",
    "push_due",
    "push_sandbox",
    "read_push",
    "sandbox",
    "stop_watching",
    "take_in_push",
    "watch",
]  # fmt: skip
