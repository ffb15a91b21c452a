"""The fold: the one place that says what an activity adds to which counters.

Live events, history, imports and the demo all go through it. It is additive and order-independent. What each
family of activities adds is a file in ``bot.ingest.folds``.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from bot.ingest.activities.channels import ChannelsListed
from bot.ingest.activities.levels import MembersCounted, ThreadsCounted
from bot.ingest.activities.messages import MessageSent
from bot.ingest.activities.voice import VoiceLevel, VoiceTime
from bot.ingest.books.audit_log import ModerationCounted, TimeoutExpired
from bot.ingest.books.channel_lists import ChannelEvent
from bot.ingest.books.invites import InviteUsed
from bot.ingest.books.members import MembershipCounted, RolesCounted
from bot.ingest.books.message_changes import DeletionCounted, EditCounted, PreviewCounted
from bot.ingest.books.polls import VoteCounted
from bot.ingest.books.reactions import MessageReacted, ReactionCounted
from bot.ingest.books.scheduled_events import EventCounted
from bot.ingest.books.threads import JoinCounted, ThreadCreated, ThreadEvent
from bot.ingest.books.warnings import ModeratorDid
from bot.ingest.delta import Delta
from bot.ingest.folds.events import fold_event_counted
from bot.ingest.folds.gauges import fold_members_counted, fold_voice_level
from bot.ingest.folds.invites import fold_invite_used
from bot.ingest.folds.members import fold_membership, fold_roles
from bot.ingest.folds.message_changes import fold_deletion, fold_edit, fold_preview
from bot.ingest.folds.messages import fold_message
from bot.ingest.folds.moderation import fold_moderation_counted, fold_moderator_did, fold_timeout_expired
from bot.ingest.folds.polls import fold_vote_counted
from bot.ingest.folds.reactions import fold_message_reacted, fold_reaction_counted
from bot.ingest.folds.threads import (
    fold_channels_listed,
    fold_event,
    fold_join,
    fold_thread_created,
    fold_threads_counted,
)
from bot.ingest.folds.voice import fold_voice_time

FOLDS: Mapping[type, Callable[[Delta, Any], None]] = MappingProxyType(
    {
        MessageSent: fold_message,
        MembersCounted: fold_members_counted,
        VoiceTime: fold_voice_time,
        VoiceLevel: fold_voice_level,
        ReactionCounted: fold_reaction_counted,
        MessageReacted: fold_message_reacted,
        EditCounted: fold_edit,
        DeletionCounted: fold_deletion,
        PreviewCounted: fold_preview,
        ThreadCreated: fold_thread_created,
        JoinCounted: fold_join,
        ThreadEvent: fold_event,
        ChannelEvent: fold_event,
        ThreadsCounted: fold_threads_counted,
        ChannelsListed: fold_channels_listed,
        MembershipCounted: fold_membership,
        RolesCounted: fold_roles,
        InviteUsed: fold_invite_used,
        ModerationCounted: fold_moderation_counted,
        TimeoutExpired: fold_timeout_expired,
        ModeratorDid: fold_moderator_did,
        EventCounted: fold_event_counted,
        VoteCounted: fold_vote_counted,
    }
)
"""Which function folds what. What has a book comes as what the book makes of it."""

Foldable = (
    MessageSent
    | MembersCounted
    | VoiceTime
    | VoiceLevel
    | ReactionCounted
    | MessageReacted
    | EditCounted
    | DeletionCounted
    | PreviewCounted
    | ThreadCreated
    | JoinCounted
    | ThreadEvent
    | ChannelEvent
    | ThreadsCounted
    | ChannelsListed
    | MembershipCounted
    | RolesCounted
    | InviteUsed
    | ModerationCounted
    | TimeoutExpired
    | ModeratorDid
    | EventCounted
    | VoteCounted
)


def fold(activities: Iterable[Foldable]) -> Delta:
    """Sum of what the activities add."""
    delta = Delta()
    for activity in activities:
        fold_into(delta, activity)
    return delta


def fold_into(delta: Delta, activity: Foldable) -> None:
    """Add one activity to a delta."""
    FOLDS[type(activity)](delta, activity)
