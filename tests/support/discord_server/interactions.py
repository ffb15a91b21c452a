"""Interactions as Discord sends them: a slash command with its options, a pressed component."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.discord_server import payloads
from tests.support.discord_server.model import FakeChannel, FakeMember, FakeRole
from tests.support.discord_server.permissions import channel_permissions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.support.discord_server.exchange import Exchange
    from tests.support.discord_server.payloads import Json

OptionValue = str | int | float | bool | FakeMember | FakeChannel | FakeRole

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
_SUBCOMMAND, _GROUP, _STRING, _INTEGER, _BOOLEAN, _USER, _CHANNEL, _ROLE, _NUMBER = 1, 2, 3, 4, 5, 6, 7, 8, 10
# In this order: a bool is an int too.
_OPTION_TYPES: tuple[tuple[type, int], ...] = (
    (bool, _BOOLEAN),
    (int, _INTEGER),
    (float, _NUMBER),
    (str, _STRING),
    (FakeMember, _USER),
    (FakeChannel, _CHANNEL),
    (FakeRole, _ROLE),
)


def interaction(exchange: Exchange, application_id: int, data: Json) -> Json:
    """Return the body of INTERACTION_CREATE for something done in a server's channel or a direct message."""
    made = {
        "id": str(exchange.id),
        "application_id": str(application_id),
        "type": exchange.request_type,
        "token": exchange.token,
        "version": 1,
        "data": data,
        "locale": "en-US",
        "channel_id": str(exchange.channel.id),
        "app_permissions": str(exchange.channel.bot_permissions),
        "entitlements": [],
        "attachment_size_limit": 10_485_760,
    }
    member = exchange.member.membership
    return made | (_in_private(exchange) if member is None else _on_server(member, exchange.channel))


def _on_server(member: FakeMember, channel: FakeChannel) -> Json:
    """What is told of a server; one without the bot is asked in by who has the bot on the own account."""
    guild = member.guild
    allowed = channel_permissions(member, channel)
    return {
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
        "guild_locale": "en-US",
        "channel": payloads.channel(channel) | {"permissions": str(allowed)},
        "member": payloads.member(member) | {"permissions": str(allowed)},
        "authorizing_integration_owners": {"0": str(guild.id)} if guild.has_bot else {"1": str(member.id)},
        "context": 0,
    }


def _in_private(exchange: Exchange) -> Json:
    """With the bot itself (context 1), or in a conversation that the bot is no part of (2)."""
    channel, user = exchange.channel, exchange.member.user
    with_bot = channel.recipient is user
    return {
        "channel": payloads.channel(channel),
        "user": payloads.user(user),
        "authorizing_integration_owners": {"0": "0"} if with_bot else {"1": str(user.id)},
        "context": 1 if with_bot else 2,
    }


def slash_data(command_id: int, path: Sequence[str], options: Mapping[str, OptionValue]) -> Json:
    """Return the data of a slash command; `path` is its name and, if any, group and subcommand."""
    name, *below = path
    level = [_option(key, value) for key, value in options.items()]
    for depth, part in enumerate(reversed(below)):
        level = [{"name": part, "type": _GROUP if depth else _SUBCOMMAND, "options": level}]
    made: Json = {"id": str(command_id), "name": name, "type": 1, "options": level}
    resolved = _resolved(options.values())
    return {**made, "resolved": resolved} if resolved else made


def _option(name: str, value: OptionValue) -> Json:
    kind = next(kind for type_, kind in _OPTION_TYPES if isinstance(value, type_))
    sent = str(value.id) if isinstance(value, FakeMember | FakeChannel | FakeRole) else value
    return {"name": name, "type": kind, "value": sent}


def _resolved(values: Iterable[OptionValue]) -> Json:
    made: Json = {}
    for value in values:
        match value:
            case FakeMember():
                made.setdefault("users", {})[str(value.id)] = payloads.user(value.user)
                made.setdefault("members", {})[str(value.id)] = payloads.member_without_user(value) | {
                    "permissions": "0",
                }
            case FakeChannel():
                made.setdefault("channels", {})[str(value.id)] = payloads.channel(value) | {
                    "permissions": "0"
                }
            case FakeRole():
                made.setdefault("roles", {})[str(value.id)] = payloads.role(value)
            case _:
                continue
    return made
