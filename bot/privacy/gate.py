"""The gate: whether something may be counted at all. Whoever makes an activity of a member asks it first."""

from collections.abc import Iterable, Mapping

from bot.privacy.consents import Consents
from bot.privacy.rules import Rules, Writer

_NOW = (1 << 63) - 1
"""A snowflake after every other: which rules hold now."""
_NONE = Rules()


class Gate:
    """What members allow and admins exclude, in memory. Where nobody did, it costs two looks a message."""

    def __init__(self, consents: Consents, rules: Mapping[int, Rules] | None = None) -> None:
        self._consents = consents
        self._rules = dict(rules or {})

    def rules(self, guild: int) -> Rules:
        """A server's rules."""
        return self._rules.get(guild, _NONE)

    def set_rules(self, guild: int, rules: Rules) -> None:
        """Use a server's new rules from now on."""
        self._rules[guild] = rules

    def counts_writer(self, guild: int, writer: Writer, at: int = _NOW) -> bool:
        """Whether a bot, a webhook or Discord itself counts like a member; as of a message's id, or now."""
        return self.rules(guild).counts_writer(writer, at)

    def excludes_roles(self, guild: int) -> bool:
        """Whether roles matter in a server: whether one is or was excluded."""
        return bool(self.rules(guild).roles)

    def counts(  # noqa: PLR0913, PLR0917 - who, where and when, without an object a message
        self, guild: int, channel: int, thread: int, member: int, at: int = _NOW, roles: Iterable[int] = ()
    ) -> bool:
        """Whether what a member did may count: ``at`` a message's id, or now."""
        rules = self._rules.get(guild)
        if rules is not None and rules.excludes(channel, thread, roles, at):
            return False
        if at == _NOW:
            return self._consents.counts_now(guild, member)
        return self._consents.counts(guild, member, at)

    def counts_received(self, guild: int, member: int) -> bool:
        """Whether what others do to a member's messages may count for the member."""
        return self._consents.counts_now(guild, member)

    def counts_begun(self, guild: int, member: int, begun: int) -> bool:
        """Whether what a member began at a snowflake, and is found or goes on now, may count.

        It has to be so for then and for now: who opted out meanwhile, or was erased since, stays out.
        """
        return self._consents.counts_now(guild, member) and self._consents.counts(guild, member, begun)

    def counts_place(self, guild: int, channel: int, thread: int, at: int = _NOW) -> bool:
        """Whether a channel and its thread are not excluded, as of an id, or now."""
        return not self.rules(guild).excludes(channel, thread, (), at)

    def was_erased(self, guild: int, member: int, at: int) -> bool:
        """Whether a member was erased after a snowflake."""
        return at <= self._consents.erased(guild, member)

    def erasures(self, guild: int, member: int) -> int:
        """How often a member was erased."""
        return self._consents.erasures(guild, member)
