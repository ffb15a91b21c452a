"""The world's things as the JSON objects of Discord's API v10."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.discord_server.snowflakes import timestamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.support.discord_server.model import (
        FakeChannel,
        FakeGuild,
        FakeMember,
        FakeRole,
        FakeUser,
        FakeVoice,
        World,
    )

# JSON as it goes over the wire; what is in it is Discord's affair, so the values stay open.
Json = dict[str, Any]

_FORUM = 15
_WITH_SOUND = frozenset({2, 13})


def user(who: FakeUser) -> Json:
    """Return a user object."""
    made: Json = {
        "id": str(who.id),
        "username": who.name,
        "global_name": None if who.bot else who.name.title(),
        "discriminator": "0001" if who.bot else "0",
        "avatar": f"{who.id:032x}",
        "public_flags": 0,
        "flags": 0,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
    }
    return {**made, "bot": True} if who.bot else made


def member_without_user(who: FakeMember) -> Json:
    """Return the member object that stands beside an author."""
    return {
        "roles": [str(role.id) for role in who.roles],
        "joined_at": who.joined_at,
        "nick": who.nick,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "avatar": None,
        "banner": None,
        "premium_since": None,
        "communication_disabled_until": None,
    }


def member(who: FakeMember) -> Json:
    """Return a member object with its user."""
    return {**member_without_user(who), "user": user(who.user)}


def role(one: FakeRole) -> Json:
    """Return a role object."""
    made: Json = {
        "id": str(one.id),
        "name": one.name,
        "permissions": str(int(one.permissions)),
        "position": one.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": one.bot_id is not None,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
    return made if one.bot_id is None else {**made, "tags": {"bot_id": str(one.bot_id)}}


def channel(one: FakeChannel) -> Json:
    """Return a channel object: server channel, thread or direct messages."""
    if one.guild is None:
        recipients = [] if one.recipient is None else [user(one.recipient)]
        return {**_channel_head(one), "recipients": recipients}
    made = {**_channel_head(one), "guild_id": str(one.guild.id), "name": one.name, "rate_limit_per_user": 0}
    made["parent_id"] = None if one.parent is None else str(one.parent.id)
    if one.is_thread:
        return made | _thread_tail(one)
    made["position"] = one.position
    made["nsfw"] = False
    made["topic"] = None
    made["permission_overwrites"] = [
        {"id": str(at), "type": given.kind, "allow": str(int(given.allow)), "deny": str(int(given.deny))}
        for at, given in one.overwrites.items()
    ]
    if one.kind in _WITH_SOUND:
        made |= {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
    if one.kind == _FORUM:
        made |= {"available_tags": [], "default_reaction_emoji": None, "default_forum_layout": 0}
        made["default_sort_order"] = None
    return made


def _channel_head(one: FakeChannel) -> Json:
    last = one.history.last_id
    return {
        "id": str(one.id),
        "type": one.kind,
        "flags": 0,
        "last_message_id": None if last is None else str(last),
    }


def _thread_tail(one: FakeChannel) -> Json:
    return {
        "owner_id": str(one.owner_id),
        "member_count": 1,
        "message_count": min(len(one.history), 50),
        "total_message_sent": len(one.history),
        "applied_tags": [],
        "thread_metadata": {
            "archived": one.archived_at is not None,
            "auto_archive_duration": 1440,
            "archive_timestamp": one.archived_at or timestamp_of(one.id),
            "create_timestamp": timestamp_of(one.id),
            "locked": False,
        },
    }


def channel_as_bot(one: FakeChannel) -> Json:
    """Return a channel object with the bot's own membership, where it is in a thread."""
    return {**channel(one), "member": own_membership(one)} if one.bot_joined else channel(one)


def own_membership(one: FakeChannel) -> Json:
    """Return the bot's membership of a thread, as lists of threads have it beside them."""
    me = 0 if one.guild is None else one.guild.me.id
    return {"id": str(one.id), "user_id": str(me), "join_timestamp": timestamp_of(one.id), "flags": 0}


def voice_state(one: FakeVoice, *, channel_id: int | None) -> Json:
    """Return a voice state object; None for the channel is a leave."""
    return {
        "guild_id": str(one.member.guild.id),
        "channel_id": None if channel_id is None else str(channel_id),
        "user_id": str(one.member.id),
        "member": member(one.member),
        "session_id": one.session_id,
        "deaf": False,
        "mute": False,
        "self_deaf": one.self_deaf,
        "self_mute": one.self_mute,
        "self_video": one.self_video,
        "self_stream": one.self_stream,
        "suppress": False,
        "request_to_speak_timestamp": None,
    }


def guild(one: FakeGuild) -> Json:
    """Return the guild object of REST."""
    return {
        "id": str(one.id),
        "name": one.name,
        "owner_id": str(one.owner_id),
        "roles": [role(each) for each in one.roles.values()],
        "emojis": [],
        "stickers": [],
        "features": [],
        "preferred_locale": "en-US",
        "afk_timeout": 300,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw": False,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "max_members": 500_000,
        "max_video_channel_users": 25,
        "max_stage_video_channel_users": 50,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "region": "deprecated",
    } | dict.fromkeys(_EMPTY_GUILD_FIELDS)


_EMPTY_GUILD_FIELDS = (
    "icon",
    "description",
    "home_header",
    "splash",
    "discovery_splash",
    "banner",
    "application_id",
    "afk_channel_id",
    "system_channel_id",
    "widget_channel_id",
    "max_presences",
    "vanity_url_code",
    "rules_channel_id",
    "safety_alerts_channel_id",
    "public_updates_channel_id",
    "incidents_data",
)


def guild_create(one: FakeGuild, *, large_threshold: int, presences: bool) -> Json:
    """Return what GUILD_CREATE carries.

    Without the presence intent the member list holds only the bot and who is in voice, as Discord does it.
    """
    listed: Iterable[FakeMember] = one.members.values()
    if not presences or len(one.members) > large_threshold:
        listed = ({one.me.id: one.me} | {at: one.members[at] for at in one.voice}).values()
    seen = [each for each in one.threads.values() if each.archived_at is None]
    return guild(one) | {
        "joined_at": one.me.joined_at,
        "large": len(one.members) > large_threshold,
        "member_count": len(one.members),
        "members": [member(each) for each in listed],
        "channels": [channel(each) for each in one.channels.values()],
        "threads": [channel_as_bot(each) for each in seen],
        "voice_states": [voice_state(each, channel_id=each.channel.id) for each in one.voice.values()],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [each.payload(one) for each in one.events.values()],
        "soundboard_sounds": [],
    }


def application(world: World) -> Json:
    """Return the bot's own application."""
    return {
        "id": str(world.bot.id),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": user(world.owner),
        "team": None,
        "flags": world.application_flags,
        "flags_new": str(world.application_flags),
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
        "tags": [],
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "integration_types_config": {"0": {}, "1": {}} if world.user_install else {"0": {}},
        "approximate_guild_count": len(world.guilds),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
    }


def bot_user(world: World) -> Json:
    """Return the bot as `/users/@me` shows it."""
    return user(world.bot) | {"mfa_enabled": True, "locale": "en-US", "verified": True, "email": None}
