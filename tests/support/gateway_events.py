"""One payload of every kind of event that the gateway has, and what could come instead of it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from tests.support.discord_server import payloads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.discord_server.model import FakeChannel, FakeGuild, FakeMember

Json = dict[str, Any]
Path = tuple[str | int, ...]

TIME = "2026-01-01T00:00:00+00:00"
DEPTH = 3
MISSING = object()
INSTEAD: tuple[object, ...] = (
    MISSING,
    None,
    "words",
    "",
    7,
    -1,
    2**63,
    2**64,
    str(2**63),
    1.5,
    True,
    [],
    ["x"],
    {},
    {"id": "x"},
)
"""What stands where something else is expected."""
SECRET = "what somebody wrote"  # noqa: S105 - a mark to look for in the log
EMOJI = {"id": None, "name": "🎉", "animated": False}


def every_event(guild: FakeGuild, room: FakeChannel, who: FakeMember) -> dict[str, Json]:
    """A payload of each kind, of one server, with its text channel and a member."""
    at = str(guild.world.ids.next())
    thread = guild.thread(room, "a thread", who)
    voice = guild.voice_channel("a room")
    there = {"guild_id": str(guild.id)}
    user, member = payloads.user(who.user), payloads.member(who)
    role = payloads.role(guild.everyone)
    on_message = {**there, "channel_id": str(room.id), "message_id": at, "user_id": str(who.id)}
    message = {
        **there,
        "id": at,
        "channel_id": str(room.id),
        "channel_type": 0,
        "type": 0,
        "author": user,
        "member": payloads.member_without_user(who),
        "content": SECRET,
        "timestamp": TIME,
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [user],
        "mention_roles": [],
        "attachments": [{"id": "1", "filename": "a.png", "size": 1, "url": "", "proxy_url": ""}],
        "embeds": [{"type": "rich", "title": SECRET}],
        "reactions": [{"emoji": EMOJI, "count": 1, "me": False}],
        "pinned": False,
        "flags": 0,
        "message_reference": {"type": 0, **there, "channel_id": str(room.id), "message_id": at},
    }
    rule = {
        **there,
        "id": at,
        "name": SECRET,
        "creator_id": str(who.id),
        "event_type": 1,
        "trigger_type": 1,
        "trigger_metadata": {"keyword_filter": [SECRET]},
        "actions": [{"type": 1, "metadata": {}}],
        "enabled": True,
        "exempt_roles": [],
        "exempt_channels": [],
    }
    event = {
        **there,
        "id": at,
        "channel_id": str(voice.id),
        "creator_id": str(who.id),
        "creator": user,
        "name": SECRET,
        "description": SECRET,
        "scheduled_start_time": TIME,
        "scheduled_end_time": None,
        "privacy_level": 2,
        "status": 2,
        "entity_type": 2,
        "entity_id": None,
        "entity_metadata": None,
        "user_count": 1,
        "image": None,
    }
    interest = {**there, "guild_scheduled_event_id": at, "user_id": str(who.id)}
    integration = {
        **there,
        "id": at,
        "name": SECRET,
        "type": "twitch",
        "enabled": True,
        "account": {"id": "1", "name": "x"},
    }
    stage = {
        **there,
        "id": at,
        "channel_id": str(voice.id),
        "topic": SECRET,
        "privacy_level": 2,
        "discoverable_disabled": True,
    }
    sound = {
        **there,
        "sound_id": at,
        "name": SECRET,
        "volume": 1.0,
        "emoji_id": None,
        "emoji_name": None,
        "available": True,
        "user": user,
    }
    invite = {
        **there,
        "channel_id": str(room.id),
        "code": "abcdef",
        "created_at": TIME,
        "expires_at": None,
        "inviter": user,
        "max_age": 0,
        "max_uses": 1,
        "temporary": False,
        "uses": 0,
    }
    entitlement = {
        "id": at,
        "sku_id": at,
        "application_id": at,
        "user_id": str(who.id),
        "type": 8,
        "deleted": False,
        "consumed": False,
    }
    subscription = {
        "id": at,
        "user_id": str(who.id),
        "sku_ids": [at],
        "entitlement_ids": [at],
        "renewal_sku_ids": None,
        "current_period_start": TIME,
        "current_period_end": TIME,
        "status": 0,
        "canceled_at": None,
    }
    interaction = {
        **there,
        "id": at,
        "application_id": str(guild.world.bot.id),
        "type": 2,
        "token": "token",
        "version": 1,
        "channel": payloads.channel(room),
        "channel_id": str(room.id),
        "member": {**member, "permissions": "0"},
        "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
        "guild_locale": "en-US",
        "locale": "en-US",
        "app_permissions": "0",
        "entitlements": [],
        "authorizing_integration_owners": {"0": str(guild.id)},
        "context": 0,
        "attachment_size_limit": 10,
        "data": {
            "id": at,
            "name": "serverstats",
            "type": 1,
            "options": [{"type": 1, "name": "overview", "options": []}],
        },
    }
    joined = {"id": str(thread.id), "user_id": str(who.id), "join_timestamp": TIME, "flags": 0}
    whole = payloads.guild_create(guild, large_threshold=250, presences=False)
    return {
        "APPLICATION_COMMAND_PERMISSIONS_UPDATE": {
            **there,
            "id": at,
            "application_id": at,
            "permissions": [{"id": at, "type": 1, "permission": True}],
        },
        **dict.fromkeys(
            ("AUTO_MODERATION_RULE_CREATE", "AUTO_MODERATION_RULE_UPDATE", "AUTO_MODERATION_RULE_DELETE"),
            rule,
        ),
        "AUTO_MODERATION_ACTION_EXECUTION": {
            **there,
            "action": {"type": 1, "metadata": {}},
            "rule_id": at,
            "rule_trigger_type": 1,
            "user_id": str(who.id),
            "channel_id": str(room.id),
            "content": SECRET,
            "matched_keyword": SECRET,
            "matched_content": SECRET,
        },
        **dict.fromkeys(("CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE"), payloads.channel(voice)),
        "CHANNEL_PINS_UPDATE": {**there, "channel_id": str(room.id), "last_pin_timestamp": TIME},
        **dict.fromkeys(("ENTITLEMENT_CREATE", "ENTITLEMENT_UPDATE", "ENTITLEMENT_DELETE"), entitlement),
        "GUILD_AUDIT_LOG_ENTRY_CREATE": {
            **there,
            "id": at,
            "action_type": 24,
            "user_id": str(who.id),
            "target_id": str(who.id),
            "reason": SECRET,
            "changes": [{"key": "communication_disabled_until", "new_value": TIME}],
            "options": {},
        },
        **{key: {**there, "user": user} for key in ("GUILD_BAN_ADD", "GUILD_BAN_REMOVE")},
        "GUILD_CREATE": {**whole, "unavailable": False},
        "GUILD_UPDATE": payloads.guild(guild),
        "GUILD_DELETE": {"id": str(guild.id), "unavailable": True},
        "GUILD_EMOJIS_UPDATE": {
            **there,
            "emojis": [{"id": at, "name": "x", "roles": [], "user": user, "available": True}],
        },
        "GUILD_STICKERS_UPDATE": {
            **there,
            "stickers": [{"id": at, "name": "x", "type": 2, "format_type": 1, "tags": "x", **there}],
        },
        "GUILD_INTEGRATIONS_UPDATE": there,
        **dict.fromkeys(("INTEGRATION_CREATE", "INTEGRATION_UPDATE"), integration),
        "INTEGRATION_DELETE": {**there, "id": at, "application_id": at},
        "GUILD_MEMBER_ADD": {**member, **there},
        "GUILD_MEMBER_REMOVE": {**there, "user": user},
        "GUILD_MEMBER_UPDATE": {**member, **there},
        "GUILD_MEMBERS_CHUNK": {
            **there,
            "members": [member],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
            "presences": [],
            "nonce": "x",
        },
        **{key: {**there, "role": role} for key in ("GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE")},
        "GUILD_ROLE_DELETE": {**there, "role_id": at},
        **dict.fromkeys(
            ("GUILD_SCHEDULED_EVENT_CREATE", "GUILD_SCHEDULED_EVENT_UPDATE", "GUILD_SCHEDULED_EVENT_DELETE"),
            event,
        ),
        **dict.fromkeys(("GUILD_SCHEDULED_EVENT_USER_ADD", "GUILD_SCHEDULED_EVENT_USER_REMOVE"), interest),
        **dict.fromkeys(("GUILD_SOUNDBOARD_SOUND_CREATE", "GUILD_SOUNDBOARD_SOUND_UPDATE"), sound),
        "GUILD_SOUNDBOARD_SOUND_DELETE": {**there, "sound_id": at},
        "GUILD_SOUNDBOARD_SOUNDS_UPDATE": {**there, "soundboard_sounds": [sound]},
        "INTERACTION_CREATE": interaction,
        "INVITE_CREATE": invite,
        "INVITE_DELETE": {**there, "channel_id": str(room.id), "code": "abcdef"},
        "MESSAGE_CREATE": message,
        "MESSAGE_UPDATE": {**message, "edited_timestamp": TIME},
        "MESSAGE_DELETE": {**there, "id": at, "channel_id": str(room.id)},
        "MESSAGE_DELETE_BULK": {**there, "ids": [at], "channel_id": str(room.id)},
        "MESSAGE_REACTION_ADD": {
            **on_message,
            "member": member,
            "message_author_id": str(who.id),
            "emoji": EMOJI,
            "burst": False,
            "type": 0,
        },
        "MESSAGE_REACTION_REMOVE": {**on_message, "emoji": EMOJI, "burst": False, "type": 0},
        "MESSAGE_REACTION_REMOVE_ALL": {**there, "channel_id": str(room.id), "message_id": at},
        "MESSAGE_REACTION_REMOVE_EMOJI": {
            **there,
            "channel_id": str(room.id),
            "message_id": at,
            "emoji": EMOJI,
        },
        **{
            key: {**on_message, "answer_id": 1}
            for key in ("MESSAGE_POLL_VOTE_ADD", "MESSAGE_POLL_VOTE_REMOVE")
        },
        "PRESENCE_UPDATE": {**there, "user": user, "status": "online", "activities": [], "client_status": {}},
        **dict.fromkeys(("STAGE_INSTANCE_CREATE", "STAGE_INSTANCE_UPDATE", "STAGE_INSTANCE_DELETE"), stage),
        **dict.fromkeys(("SUBSCRIPTION_CREATE", "SUBSCRIPTION_UPDATE", "SUBSCRIPTION_DELETE"), subscription),
        "THREAD_CREATE": {**payloads.channel(thread), "newly_created": True},
        "THREAD_UPDATE": payloads.channel(thread),
        "THREAD_DELETE": {**there, "id": str(thread.id), "parent_id": str(room.id), "type": 11},
        "THREAD_LIST_SYNC": {
            **there,
            "channel_ids": [str(room.id)],
            "threads": [payloads.channel(thread)],
            "members": [joined],
        },
        "THREAD_MEMBER_UPDATE": {**joined, **there},
        "THREAD_MEMBERS_UPDATE": {
            **there,
            "id": str(thread.id),
            "member_count": 2,
            "added_members": [joined],
            "removed_member_ids": [],
        },
        "TYPING_START": {
            **there,
            "channel_id": str(room.id),
            "user_id": str(who.id),
            "timestamp": 1,
            "member": member,
        },
        "USER_UPDATE": payloads.bot_user(guild.world),
        "VOICE_CHANNEL_EFFECT_SEND": {
            **there,
            "channel_id": str(voice.id),
            "user_id": str(who.id),
            "emoji": EMOJI,
            "animation_type": 0,
            "animation_id": 1,
        },
        "VOICE_SERVER_UPDATE": {**there, "token": "token", "endpoint": "x"},
        "VOICE_STATE_UPDATE": {
            **there,
            "channel_id": str(voice.id),
            "user_id": str(who.id),
            "member": member,
            "session_id": "s",
            "deaf": False,
            "mute": False,
            "self_deaf": False,
            "self_mute": False,
            "self_video": False,
            "suppress": False,
            "request_to_speak_timestamp": None,
        },
        "WEBHOOKS_UPDATE": {**there, "channel_id": str(room.id)},
    }


def mutations(payload: Json) -> Iterator[Any]:
    """The payload with one thing missing, null, or of another type; and something else altogether."""
    for path in _paths(payload, ()):
        for other in INSTEAD:
            made = copy.deepcopy(payload)
            _put(made, path, other)
            yield made
    yield from (other for other in INSTEAD if other is not MISSING)


def _paths(value: Any, path: Path) -> Iterator[Path]:  # noqa: ANN401 - JSON
    if path:
        yield path
    if len(path) < DEPTH:
        inner = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        for key, each in inner:
            yield from _paths(each, (*path, key))


def _put(payload: Any, path: Path, other: object) -> None:  # noqa: ANN401 - JSON
    *way, last = path
    for key in way:
        payload = payload[key]
    if other is MISSING:
        del payload[last]
    else:
        payload[last] = copy.deepcopy(other)
