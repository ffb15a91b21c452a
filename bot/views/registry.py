"""The views, one row each: what a command shows and what ``serverstats show`` prints."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.views import overview, trends
from bot.views.activity import content, hours, messages, reactions, threads, voice
from bot.views.analyze import channel
from bot.views.channels import answers, peaks, quiet, usage
from bot.views.channels import voice as voice_use
from bot.views.people import leaderboard, member
from bot.views.view import View

_ROWS: tuple[View, ...] = (
    overview.VIEW,
    messages.VIEW,
    voice.VIEW,
    reactions.VIEW,
    threads.VIEW,
    hours.VIEW,
    content.VIEW,
    usage.VIEW,
    peaks.VIEW,
    voice_use.VIEW,
    quiet.VIEW,
    answers.VIEW,
    *trends.VIEWS,
    *leaderboard.VIEWS,
    member.ME_VIEW,
    member.MEMBER_VIEW,
    channel.VIEW,
)

VIEWS: Mapping[str, View] = MappingProxyType({view.kind: view for view in _ROWS})
"""Views by kind."""


def variants(kind: str) -> tuple[View, ...]:
    """The views of the same command, itself among them."""
    group = VIEWS[kind].group
    return tuple(view for view in _ROWS if view.group == group)
