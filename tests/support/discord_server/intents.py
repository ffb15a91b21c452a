"""Which events an IDENTIFY's intents ask for."""

from __future__ import annotations

GUILDS = 1 << 0
GUILD_MEMBERS = 1 << 1
MODERATION = 1 << 2
EXPRESSIONS = 1 << 3
INTEGRATIONS = 1 << 4
WEBHOOKS = 1 << 5
INVITES = 1 << 6
VOICE_STATES = 1 << 7
PRESENCES = 1 << 8
MESSAGES = 1 << 9
REACTIONS = 1 << 10
TYPING = 1 << 11
DIRECT_MESSAGES = 1 << 12
DIRECT_REACTIONS = 1 << 13
DIRECT_TYPING = 1 << 14
MESSAGE_CONTENT = 1 << 15
SCHEDULED_EVENTS = 1 << 16
AUTOMOD_RULES = 1 << 20
AUTOMOD_ACTIONS = 1 << 21
POLLS = 1 << 24
DIRECT_POLLS = 1 << 25

# The switch in the developer portal (limited or granted) that a privileged intent needs.
PRIVILEGED = {
    PRESENCES: 1 << 12 | 1 << 13,
    GUILD_MEMBERS: 1 << 14 | 1 << 15,
    MESSAGE_CONTENT: 1 << 18 | 1 << 19,
}

# The longest matching beginning of an event's name decides; (in a server, in direct messages).
_BY_PREFIX: tuple[tuple[str, int, int], ...] = (
    ("GUILD_MEMBERS_CHUNK", 0, 0),
    ("GUILD_MEMBER_", GUILD_MEMBERS, 0),
    ("THREAD_MEMBERS_UPDATE", GUILDS | GUILD_MEMBERS, 0),
    ("GUILD_AUDIT_LOG_ENTRY_", MODERATION, 0),
    ("GUILD_BAN_", MODERATION, 0),
    ("GUILD_EMOJIS_", EXPRESSIONS, 0),
    ("GUILD_STICKERS_", EXPRESSIONS, 0),
    ("GUILD_SOUNDBOARD_", EXPRESSIONS, 0),
    ("GUILD_INTEGRATIONS_", INTEGRATIONS, 0),
    ("GUILD_SCHEDULED_EVENT_", SCHEDULED_EVENTS, 0),
    ("INTEGRATION_", INTEGRATIONS, 0),
    ("WEBHOOKS_", WEBHOOKS, 0),
    ("INVITE_", INVITES, 0),
    ("VOICE_STATE_", VOICE_STATES, 0),
    ("VOICE_CHANNEL_EFFECT_", VOICE_STATES, 0),
    ("PRESENCE_", PRESENCES, 0),
    ("MESSAGE_REACTION_", REACTIONS, DIRECT_REACTIONS),
    ("MESSAGE_POLL_", POLLS, DIRECT_POLLS),
    ("MESSAGE_", MESSAGES, DIRECT_MESSAGES),
    ("TYPING_", TYPING, DIRECT_TYPING),
    ("AUTO_MODERATION_RULE_", AUTOMOD_RULES, 0),
    ("AUTO_MODERATION_ACTION_", AUTOMOD_ACTIONS, 0),
    ("GUILD_", GUILDS, 0),
    ("CHANNEL_", GUILDS, DIRECT_MESSAGES),
    ("THREAD_", GUILDS, 0),
    ("STAGE_", GUILDS, 0),
)


def wants(intents: int, event: str, *, in_guild: bool) -> bool:
    """Return whether these intents cover an event; what no intent rules always comes."""
    for prefix, guild_bits, direct_bits in _BY_PREFIX:
        if event.startswith(prefix):
            needed = guild_bits if in_guild else direct_bits
            return not needed or bool(intents & needed)
    return True


def not_allowed(intents: int, application_flags: int) -> bool:
    """Return whether a privileged intent is asked for that the application has not switched on."""
    return any(intents & bit and not application_flags & flags for bit, flags in PRIVILEGED.items())
