"""Views of lists as they are kept."""

import msgspec


class KeepView(msgspec.Struct, frozen=True):
    """A view to keep: the list's address, a name, and what it is narrowed by. `is_shared`: for everybody of the house."""

    path: str
    name: str
    query: dict[str, str]
    is_shared: bool = False


class KeptView(msgspec.Struct, frozen=True):
    """A view that somebody keeps; `is_own` says whether it is the asker's."""

    id: int
    path: str
    name: str
    query: dict[str, str]
    is_shared: bool
    is_own: bool
