"""Who may see what: the one rule for pages, search, feeds and exports.

A record bears one visibility label, worked out from its state and its access
level; a reader holds a set of labels by role. A record is seen by those who hold
its label. Its text and original may be withheld besides.
"""

from typing import Literal, get_args

Role = Literal["reader", "archivist", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)

State = Literal["waiting", "published", "returned", "withdrawn", "purged"]
STATES: tuple[State, ...] = get_args(State)

Access = Literal["public", "text_withheld", "restricted"]
ACCESS_LEVELS: tuple[Access, ...] = get_args(Access)

Label = Literal["public", "staff"]
LABELS: tuple[Label, ...] = get_args(Label)

PUBLIC: frozenset[Label] = frozenset({"public"})
EVERYTHING: frozenset[Label] = frozenset(LABELS)


def label_of(state: State, access: Access) -> Label | None:
    """Return the label of such a record; None where nobody finds it any more."""
    match state:
        case "published":
            return "staff" if access == "restricted" else "public"
        case "waiting" | "returned":
            return "staff"
        case "withdrawn" | "purged":
            return None


def labels_held(role: Role | None) -> frozenset[Label]:
    """Return the labels that a reader with *role* holds; None is somebody not signed in."""
    return EVERYTHING if role in {"archivist", "admin"} else PUBLIC


def may_read_text(labels: frozenset[Label], access: Access) -> bool:
    """Whether the full text and the original are open to a holder of *labels*.

    Asked only of records that the holder may see at all.
    """
    return access == "public" or "staff" in labels


def readable_standings(labels: frozenset[Label]) -> frozenset[tuple[State, Access]]:
    """Return each state with each access level at which a holder of *labels* reads the text."""
    return frozenset(
        (state, access)
        for state in STATES
        for access in ACCESS_LEVELS
        if label_of(state, access) in labels and may_read_text(labels, access)
    )
