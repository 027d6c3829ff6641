"""64-bit time-sorted ids and the readable form that people and other systems see."""

import re
import threading
import time

# Crockford's alphabet: no I, L, O or U, so that a number survives being read aloud.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {c: i for i, c in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0}
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
_FORM = re.compile(r"(?:[a-z]{2,4}_)?([0-9A-Za-z-]{13,15})")

# Milliseconds count from here; 41 usable bits last until 2089.
EPOCH_MS = 1_577_836_800_000  # 2020-01-01T00:00:00Z
NODE_BITS, COUNTER_BITS = 10, 12
NODES = 1 << NODE_BITS

# One prefix for each kind of thing that has an id on the wire.
PREFIXES: dict[str, str] = {
    "abuse_flag": "flg",
    "abuse_handover": "hnd",
    "abuse_measure": "msr",
    "abuse_signal": "sgn",
    "account": "acc",
    "amendment": "amd",
    "buyer": "buy",
    "calendar": "cal",
    "capture": "cap",
    "case": "cas",
    "case_kind": "ckd",
    "claim": "clm",
    "customs_return": "cur",
    "remedy": "rmy",
    "backtest": "bkt",
    "box": "box",
    "caught_webhook": "cwh",
    "channel": "chn",
    "channel_order": "cho",
    "channel_part": "chp",
    "channel_problem": "chb",
    "channel_update": "chu",
    "checkout": "chk",
    "consent": "cst",
    "contact": "con",
    "disposition": "dis",
    "dispute": "dsp",
    "evidence": "evd",
    "exchange": "xch",
    "extension": "ext",
    "repair": "rpr",
    "fact": "evt",
    "inspection": "ins",
    "kept_view": "kvw",
    "key": "key",
    "merchant": "mer",
    "movement": "mov",
    "note": "nte",
    "offer": "ofr",
    "order": "ord",
    "parcel": "par",
    "payment": "pay",
    "picture": "pic",
    "policy": "pol",
    "posting": "pst",
    "product": "prd",
    "question": "qst",
    "refund": "rfd",
    "hand_payout": "hpo",
    "remark": "rmk",
    "request": "rrq",
    "return": "ret",
    "ruling": "rul",
    "return_parcel": "rpa",
    "review": "rev",
    "review_rule": "rrl",
    "scan": "scn",
    "send_back": "snd",
    "message": "msg",
    "staff": "stf",
    "warehouse": "whs",
    "wave": "wav",
    "withdrawal": "wdl",
    "work": "wrk",
    "carrier": "car",
    "scorecard": "crd",
    "lane": "lan",
    "grant": "grt",
    "goods": "gds",
    "look": "lok",
    "inspection_picture": "ipc",
    "return_label": "rlb",
    "stray": "str",
    "stray_picture": "spc",
    "promotion": "prm",
    "tariff": "trf",
    "difference": "dif",
    "hold": "hld",
    "lot": "lot",
    "method": "mth",
    "purse": "prs",
    "statement": "stm",
    "pool": "cpl",
    "stocktake": "stk",
    "transfer": "tfr",
    "reminder": "rem",
    "agreement": "agr",
    "settlement": "stl",
    "settlement_line": "sln",
    "deposit_movement": "dpm",
    "payout_run": "prn",
    "payout": "pyt",
    "invoice": "inv",
    "invoice_request": "ivr",
    "webhook_delivery": "dlv",
    "webhook_endpoint": "hook",
}  # fmt: skip


class IdSource:
    """Mints ids in rising order for one process; `node` keeps two processes apart."""

    def __init__(self, node: int) -> None:
        self._node = node % NODES
        self._last = 0
        self._lock = threading.Lock()

    def mint(self) -> int:
        """One new id; never lower than the one before, even if the wall clock steps back."""
        return self.mint_many(1)[0]

    def mint_many(self, count: int) -> list[int]:
        """`count` new ids in rising order."""
        with self._lock:
            tick = max((time.time_ns() // 1_000_000 - EPOCH_MS) << COUNTER_BITS, self._last + 1)
            self._last = tick + count - 1
        mask = (1 << COUNTER_BITS) - 1
        shift, node = NODE_BITS + COUNTER_BITS, self._node << COUNTER_BITS
        return [((t >> COUNTER_BITS) << shift) | node | (t & mask) for t in range(tick, tick + count)]


def encode(kind: str, number: int) -> str:
    """The wire form: `ord_0J4Q7W2M9X3KD`."""
    return f"{PREFIXES[kind]}_{_base32(number)}"


def decode(kind: str, text: str) -> int | None:
    """Read a wire or spoken form back; None where it is not an id of this kind."""
    form = _FORM.fullmatch(text)
    if form is None or ("_" in text and not text.startswith(PREFIXES[kind] + "_")):
        return None
    number = 0
    digits = form[1].replace("-", "").upper()
    for digit in digits:
        if digit not in _VALUE:
            return None
        number = number << 5 | _VALUE[digit]
    return number if len(digits) == 13 and number < 1 << 63 else None


def spoken(number: int) -> str:
    """The same id for paper and telephone: `0J4Q7-W2M9X-3KD`."""
    digits = _base32(number)
    return f"{digits[:5]}-{digits[5:10]}-{digits[10:]}"


def _base32(number: int) -> str:
    # Two characters at a time: this is done for every id in every answer.
    pairs = _PAIRS[number >> 50 & 1023] + _PAIRS[number >> 40 & 1023] + _PAIRS[number >> 30 & 1023]
    pairs += _PAIRS[number >> 20 & 1023] + _PAIRS[number >> 10 & 1023] + _PAIRS[number & 1023]
    return ALPHABET[number >> 60 & 31] + pairs
