"""Groups failed posts: those with the same result, for the same reason, in the same minute. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from bot.delivery.model import Delivery, State
from bot.delivery.request_errors import in_a_line

MINUTE = timedelta(minutes=1)
#: States about which an operator may decide.
FAILED = (State.UNCERTAIN, State.DEAD)
_CAUSE_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Trouble:
    """The common features of posts that failed together.

    Attributes:
        minute: Minutes since 1970.
        cause: A short hash of the reason.
    """

    minute: int
    state: State
    cause: str

    @property
    def begins(self) -> datetime:
        """The start of the minute."""
        return datetime.fromtimestamp(self.minute * 60, UTC)


def trouble_of(post: Delivery) -> Trouble:
    """The group to which a failed post belongs."""
    moment = failed_at(post)
    cause = sha256((post.error or "").encode(errors="replace")).hexdigest()[:_CAUSE_LENGTH]
    return Trouble(int(moment.timestamp()) // 60, post.state, cause)


def failed_at(post: Delivery) -> datetime:
    """The time at which a post failed, as far as it is known."""
    return post.sending_at or post.created or post.not_before


def reason_of(post: Delivery) -> str:
    """The reason why a post failed, in one short line for operators."""
    return in_a_line(post.error or "", "the reason is not known")


def by_trouble(posts: Iterable[Delivery]) -> dict[Trouble, list[Delivery]]:
    """Groups posts by how they failed. The order of the posts is kept."""
    groups: defaultdict[Trouble, list[Delivery]] = defaultdict(list)
    for post in posts:
        groups[trouble_of(post)].append(post)
    return dict(groups)
