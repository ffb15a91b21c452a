"""The views, one row each: what a command shows and what ``serverstats show`` prints."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from bot.views import overview, trends
from bot.views.activity import content, hours, messages, reactions, sentiment, threads, voice
from bot.views.analyze import channel, channels, member_median, periods, roles, servers
from bot.views.channels import answers, peaks, quiet, usage
from bot.views.channels import voice as voice_use
from bot.views.members import activity as members_activity
from bot.views.members import categories as members_categories
from bot.views.members import engagement as members_engagement
from bot.views.members import growth as members_growth
from bot.views.members import newcomers as members_newcomers
from bot.views.members import retention as members_retention
from bot.views.people import leaderboard, member
from bot.views.view import View
from texts import Language, said_in

_ROWS: tuple[View, ...] = (
    overview.VIEW,
    members_activity.VIEW,
    members_growth.VIEW,
    members_retention.VIEW,
    members_newcomers.VIEW,
    members_engagement.VIEW,
    members_categories.VIEW,
    messages.VIEW,
    voice.VIEW,
    reactions.VIEW,
    threads.VIEW,
    hours.VIEW,
    content.VIEW,
    sentiment.VIEW,
    usage.VIEW,
    peaks.VIEW,
    voice_use.VIEW,
    quiet.VIEW,
    answers.VIEW,
    *trends.VIEWS,
    *leaderboard.VIEWS,
    member.ME_VIEW,
    member.MEMBER_VIEW,
    *channel.VIEWS,
    *periods.VIEWS,
    *channels.VIEWS,
    *roles.VIEWS,
    *member_median.VIEWS,
    *servers.VIEWS,
)

VIEWS: Mapping[str, View] = MappingProxyType({view.kind: view for view in _ROWS})
"""Views by kind."""


def kinds_meant(typed: str, languages: Iterable[Language] = ()) -> list[str]:
    """The views that are called so, by their kind or as a menu prints them."""
    known = tuple(languages)
    if typed in VIEWS:
        return [typed]
    words = typed.strip().casefold()
    return [
        kind
        for kind, view in VIEWS.items()
        if words in {kind, *(title.casefold() for title in said_in(view.title, known))}
    ]


def variants(kind: str) -> tuple[View, ...]:
    """The views of the same command, itself among them."""
    group = VIEWS[kind].group
    return tuple(view for view in _ROWS if view.group == group)
