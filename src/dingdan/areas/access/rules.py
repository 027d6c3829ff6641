"""How long a session lasts, when attempts are paused, and what a password must be."""

from datetime import datetime, timedelta

# A shift, and a pause within it. Both by the bare clock of the database: a turned clock signs nobody out.
LONGEST, IDLE = timedelta(hours=12), timedelta(hours=2)
# How old a proof may be for an act with consequences (ASVS 7.5.3).
FRESH = timedelta(minutes=10)
INVITED = timedelta(hours=72)
# From this many wrong attempts on there is a pause after each, doubled each time.
FREE_ATTEMPTS, FIRST_PAUSE, LONGEST_PAUSE = 5, timedelta(seconds=30), timedelta(hours=1)
# Wrong attempts so long ago count no more. A browser that somebody signed in with is told apart from strangers for longer.
TRIES_KEPT, DEVICE_KNOWN = timedelta(days=1), timedelta(days=180)
# A code that opens one order: how long it holds, how often one may be wrong about it, and how many are sent in an hour.
CODE_HOLDS, CODE_TRIES, CODES_AN_HOUR, CODE_DIGITS = timedelta(minutes=10), 5, 3, 6
PASSWORD_LENGTHS = range(12, 201)
# Not a list of bad passwords, only those that fit our own length and stand first on everybody's list.
COMMON = frozenset({
    "123456789012", "1234567890123", "password1234", "passwordpassword", "qwertyuiop12", "qwertyuiopasdf", "iloveyou1234",
    "administrator", "dingdandingdan", "111111111111", "000000000000", "123123123123", "abcdefghijkl", "woaini520520",
})  # fmt: skip


def pause_after(failed: int) -> timedelta | None:
    """How long nothing is looked at after so many wrong attempts in a row."""
    if failed < FREE_ATTEMPTS:
        return None
    doubled: int = 2 ** min(failed - FREE_ATTEMPTS, 20)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def is_password(text: str, login: str) -> bool:
    """Whether this may be somebody's password (NIST SP 800-63B: length counts, rules of composition do not)."""
    folded, name = text.casefold(), login.casefold()
    is_about_oneself = len(name) >= 4 and name in folded
    return len(text) in PASSWORD_LENGTHS and folded not in COMMON and len(set(folded)) > 4 and not is_about_oneself


def code_of(signed: str) -> str:
    """A code in digits from something signed in hex."""
    return f"{int(signed[:24], 16) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def is_same_address(given: str, kept: str | None) -> bool:
    """Whether an e-mail address is the one that was given with the order; capitals and blanks around do not matter."""
    return bool(kept) and given.strip().casefold() == (kept or "").strip().casefold()


def is_fresh(proved_at: datetime, now: datetime) -> bool:
    """Whether who is signed in has shown a secret a short while ago."""
    return now - proved_at <= FRESH
