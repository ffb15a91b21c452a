"""The connection to Discord: which events it asks for, which cogs it loads, how it reports errors."""

import asyncio
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NoReturn

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.state import AutoShardedConnectionState

from bot.clock import steady_ms
from bot.discord_silence import DiscordSilent
from bot.event_guard import EventGuard, GuardedParsers, guard_connection
from bot.failures import reason
from bot.services import Services
from bot.settings import Problem, SettingsError
from bot.sparsely import Sparsely
from bot.user_errors import Explanation, Refusal, explain
from bot.wording.format import escaped
from texts import speak, tr

ANSWERING = (
    "cogs.languages",
    "cogs.serverstats",
    "cogs.people",
    "cogs.admin",
    "cogs.controls",
    "cogs.warnings",
)
"""What a bot needs that shows figures and counts nothing."""
MOST_REPEATED = 50
"""Characters of what somebody typed that an answer repeats."""
EXTENSIONS = ("cogs.members", "cogs.listeners", "cogs.events", "cogs.history", "cogs.privacy", *ANSWERING)
"""Loaded by name: nothing in ``bot`` imports ``cogs``."""
LOGIN_SECONDS = 60.0
"""From the first request until Discord has said who we are, with discord.py's own tries: half a minute."""
_SERVER_ERROR, _TOO_MANY = HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.TOO_MANY_REQUESTS


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """How to connect.

    ``message_content`` asks for the privileged intent without which files, embeds and polls cannot be
    counted; ``members`` for the one that keeps the number of members right between two connections.
    ``shard_ids`` names this process's part of ``shard_count``; None is all, as many as Discord advises.
    """

    message_content: bool = False
    members: bool = False
    shard_ids: tuple[int, ...] | None = None
    shard_count: int | None = None
    extensions: Sequence[str] = EXTENSIONS


async def granted_options(token: str, *, message_content: bool) -> ClientOptions:
    """Options with the privileged intents that are wanted and that the application was granted.

    Discord would close the connection of a bot that asks for more. Raises SettingsError for a wrong token,
    and DiscordSilent.
    """
    _expect_no_voice()
    async with discord.Client(intents=discord.Intents(guilds=True)) as probe:  # without guilds it warns
        try:
            async with asyncio.timeout(LOGIN_SECONDS):  # aiohttp alone would wait for five minutes
                await probe.login(token)
        except discord.LoginFailure:
            raise _unknown_token() from None
        except Exception as error:
            silent = silence_of(error)
            if silent is None:
                raise
            raise silent from error
        flags = probe.application_flags
    members = flags.gateway_guild_members or flags.gateway_guild_members_limited
    content = flags.gateway_message_content or flags.gateway_message_content_limited
    log = structlog.get_logger(__name__)
    if not members:
        log.warning("the server members intent is off: the number of members is read once an hour")
    if message_content and not content:
        log.warning("the message content intent is off: files, embeds and polls are not counted")
    return ClientOptions(message_content=message_content and content, members=members)


def _expect_no_voice() -> None:
    """The bot never speaks: discord.py need not warn that the libraries for that are missing."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


def silence_of(error: BaseException) -> DiscordSilent | None:
    """What an error says of Discord's not answering now; None where it says something else."""
    match error:
        case aiohttp.ClientConnectionError() | ConnectionError() | TimeoutError() | socket.gaierror():
            return DiscordSilent(type(error).__name__)
        case discord.HTTPException(status=status) if status >= _SERVER_ERROR or status == _TOO_MANY:
            return DiscordSilent(f"status {status}")
        case discord.GatewayNotFound():
            return DiscordSilent("it names no gateway")
        case _:
            return None


def _unknown_token() -> SettingsError:
    mend = "copy the token again from Discord's developer portal: your application, Bot, Reset Token"
    return SettingsError([Problem("DISCORD_TOKEN", "is not known to Discord", mend)])


def _intent_refused() -> SettingsError:
    finding = "belongs to an application whose privileged intents have just been switched off"
    mend = (
        "start again to go on without them, or first switch Server Members Intent and Message Content Intent "
        "on in Discord's developer portal: your application, Bot"
    )
    return SettingsError([Problem("DISCORD_TOKEN", finding, mend)])


def intents(options: ClientOptions) -> discord.Intents:
    """Events to ask Discord for: only those that something here reads."""
    wanted = discord.Intents.none()
    wanted.guilds = True  # names of servers, channels and threads; who may see what
    wanted.guild_messages = True  # that a message was sent, where and by whom
    wanted.guild_reactions = True  # who put which emoji on whose message, or took it off
    wanted.voice_states = True  # who is in which voice channel, and how
    wanted.guild_polls = True  # that somebody voted, or took a vote back
    wanted.guild_scheduled_events = True  # when events are on, and who is interested
    wanted.moderation = True  # what moderators did, as the audit log tells it
    wanted.message_content = options.message_content
    wanted.members = options.members
    wanted.invites = (
        options.members
    )  # that an invite was made or is gone; of no use where joins are not heard of
    return wanted


def _members_in_voice() -> discord.MemberCacheFlags:
    """Whom to keep in memory: at a start, who is in voice is told apart from bots by it."""
    flags = discord.MemberCacheFlags.none()
    flags.voice = True
    return flags


def _shards_refused() -> SettingsError:
    finding = "is no number of shards that Discord takes for this bot"
    mend = "leave it and SERVERSTATS_SHARD_IDS out, or raise it: a shard may hold 2,500 servers at most"
    return SettingsError([Problem("SERVERSTATS_SHARD_COUNT", finding, mend)])


_REFUSALS: Mapping[int, Callable[[], SettingsError]] = {
    4004: _unknown_token,
    4010: _shards_refused,
    4011: _shards_refused,
}
"""What it means when Discord closes the connection for good."""


class _Absent:
    """Hides a base class's event handler: discord.py then starts no task for it (1.8 µs a message)."""

    def __get__(self, instance: object, owner: type) -> NoReturn:
        raise AttributeError(owner.__name__)


_MEANT = (ReconnectWebSocket, discord.ConnectionClosed, OSError, TimeoutError)
"""What discord.py raises on purpose while it reads from the gateway, and knows what to do about."""


class _State(AutoShardedConnectionState["ServerstatsClient"]):
    """discord.py's memory, which reads each event, and each frame of a connection, inside a guard."""

    def __init__(self, guard: EventGuard, **options: Any) -> None:  # noqa: ANN401 - as its base
        super().__init__(**options)
        self._guard = guard
        self.parsers = GuardedParsers(self.parsers, guard)

    def _update_references(self, ws: DiscordWebSocket) -> None:
        """Hear of a new connection, before its first frame."""
        super()._update_references(ws)
        guard_connection(ws, ws.shard_id, self._guard, _MEANT)


class ServerstatsClient(commands.AutoShardedBot):
    """The bot. It answers application commands; of messages and members it keeps only who is in voice."""

    on_message = _Absent()  # messages are no commands here

    def __init__(self, services: Services, options: ClientOptions) -> None:
        _expect_no_voice()
        self.guard = EventGuard()
        self._failures = Sparsely(steady_ms)
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=_Tree,
            intents=intents(options),
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=False, private_channel=False
            ),
            max_messages=None,
            member_cache_flags=_members_in_voice(),
            chunk_guilds_at_startup=False,
            shard_ids=list(options.shard_ids) if options.shard_ids else None,  # type: ignore[arg-type] # None: all
            shard_count=options.shard_count,
        )
        self.services = services
        self._extensions_wanted = tuple(options.extensions)
        self._syncing: asyncio.Task[None] | None = None
        self._ends_first: list[Callable[[], Awaitable[None]]] = []
        self._at_once: dict[str, list[Callable[..., None]]] = {}

    def _get_state(self, **options: Any) -> _State:  # noqa: ANN401 - as its base
        return _State(
            self.guard,
            dispatch=self.dispatch,
            handlers=self._handlers,
            hooks=self._hooks,
            http=self.http,
            **options,
        )

    def end_first(self, stop: Callable[[], Awaitable[None]]) -> None:
        """Have something that reads from Discord, or from the database beside it, ended before we leave.

        Discord may close the connection for good; discord.py then closes everything at once. ``stop`` may be
        called again.
        """
        self._ends_first.append(stop)

    def hear_at_once(self, event_name: str, hear: Callable[..., None]) -> None:
        """Have an event heard before anything that Discord sent after it is read.

        A listener is a task: by the time it runs, messages that followed may have been recorded already.
        """
        self._at_once.setdefault(event_name, []).append(hear)

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as its base
        """Hand an event to the listeners, but not the announcement of each event, to which nobody listens."""
        if event_name == "socket_event_type":
            return
        for hear in self._at_once.get(event_name, ()):
            try:
                hear(*args)
            except Exception as error:  # noqa: BLE001 - the others are to hear of it all the same
                self._failed(event_name, error)
        super().dispatch(event_name, *args, **kwargs)

    async def start(self, token: str, *, reconnect: bool = True) -> None:
        """Stay connected until closed; raise SettingsError where Discord no longer lets the bot in."""
        try:
            await super().start(token, reconnect=reconnect)
        except discord.PrivilegedIntentsRequired:
            raise _intent_refused() from None
        except discord.ConnectionClosed as closed:
            refusal = _REFUSALS.get(closed.code)
            if refusal is None:
                raise
            raise refusal() from None

    async def setup_hook(self) -> None:
        """Load the cogs. Commands are sent meanwhile: a rate limit there must not keep us from counting."""
        for name in self._extensions_wanted:
            await self.load_extension(name)
        if self.shard_ids is None or 0 in self.shard_ids:
            self._syncing = asyncio.create_task(self._sync_commands(), name="commands")

    async def close(self) -> None:
        """Leave Discord, when nobody reads from it any more."""
        if self._syncing is not None:
            self._syncing.cancel()
        for stop in self._ends_first:
            await stop()
        await super().close()

    async def on_error(self, event_method: str, /, *_args: object, **_kwargs: object) -> None:
        """Log what a listener raised; its arguments may hold content and stay out."""
        error = sys.exception()
        if self.is_closed():  # what it waited for was closed under it
            structlog.get_logger(__name__).info(
                "a listener was cut short", listener=event_method, cause=repr(error)
            )
        else:
            self._failed(event_method, error)

    def _failed(self, what: str, error: BaseException | None) -> None:
        times = self._failures.times((what, type(error)))
        if times:
            structlog.get_logger(__name__).error(
                "listener failed", listener=what, times=times, exc_info=error
            )

    async def count_members(self) -> None:
        """Record how many members each server has; without the members intent Discord has to be asked."""
        for guild in [each for each in self.guilds if not each.unavailable]:
            count = guild.member_count
            if not self.intents.members:
                count = (await self.fetch_guild(guild.id, with_counts=True)).approximate_member_count
            if count is None:
                continue
            try:
                self.services.members.read(guild.id, count)
            except ValueError as error:  # Discord said something else than a number; others have one
                self._failed("count_members", error)

    def ask_for_readings(self) -> None:
        """Have the listeners record how many threads and channels each server has."""
        self.dispatch("reading_due")

    def speak_to(self, interaction: discord.Interaction) -> None:
        """Put the language of who asks in force for the rest of the task."""
        speak(self.services.languages.of(interaction.locale.value))

    async def report(self, interaction: discord.Interaction, error: BaseException) -> None:
        """Tell the user in one sentence what is wrong, and the log why."""
        explanation = self.explained(interaction, error)
        if self.is_closed():
            return
        try:
            await _tell(interaction, explanation.sentence)
        except discord.HTTPException as unsaid:
            structlog.get_logger(__name__).warning(
                "the user could not be told",
                guild=interaction.guild_id,
                reference=explanation.reference,
                cause=str(unsaid),
            )

    def explained(self, interaction: discord.Interaction, error: BaseException) -> Explanation:
        """Put an error into words for the user; the log has the cause under the same reference.

        A traceback is there only where the fault is ours: a silent database fails every command.
        """
        explanation = explain(error)
        log = structlog.get_logger(__name__)
        if self.is_closed():  # what it waited for was closed under it
            log.info("an interaction was cut short", guild=interaction.guild_id, cause=repr(error))
        elif explanation.reference is not None:
            log.error(
                "interaction failed",
                guild=interaction.guild_id,
                reference=explanation.reference,
                **reason(error),
            )
        return explanation

    async def _sync_commands(self) -> None:
        """Send all commands; Discord changes only what differs. A failure leaves those of the last start."""
        self._keep_to_servers()
        try:
            await self.tree.sync()
        except discord.HTTPException as error:
            structlog.get_logger(__name__).error("commands could not be registered", exc_info=error)

    def _keep_to_servers(self) -> None:
        """Offer no command for people's accounts where the application's owner did not switch that on."""
        application = self.application
        if application is not None and application.user_integration_config is not None:
            return
        for command in self.tree.get_commands(type=discord.AppCommandType.chat_input):
            if command.allowed_installs is not None:
                command.allowed_installs = app_commands.AppInstallationType(guild=True, user=False)


class _Tree(app_commands.CommandTree[ServerstatsClient]):
    """The commands, answered in the asker's language, with errors that reach the user."""

    async def interaction_check(self, interaction: discord.Interaction[ServerstatsClient], /) -> bool:
        """Put the asker's language in force; all may ask, and each command says who gets an answer."""
        self.client.speak_to(interaction)
        return True

    async def on_error(
        self, interaction: discord.Interaction[ServerstatsClient], error: app_commands.AppCommandError, /
    ) -> None:
        """Report what a command raised, or that Discord's picture of it is outdated."""
        await self.client.report(interaction, _cause(error))


def _cause(error: app_commands.AppCommandError) -> BaseException:
    match error:
        case app_commands.CommandInvokeError():
            return error.original
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return Refusal(tr("This command has just changed: reload Discord (Ctrl+R) and try again."))
        case app_commands.TransformerError():
            return Refusal(
                tr(
                    "“{value}” is nothing that this option takes: choose one of those that Discord offers "
                    "there, or leave it out.",
                    value=escaped(str(error.value), MOST_REPEATED),
                )
            )
        case _:
            return error


async def _tell(interaction: discord.Interaction, sentence: str) -> None:
    """Answer in the way that is still open; only the asker sees it, unless all saw the bot thinking."""
    match interaction.response.type:
        case None:
            await interaction.response.send_message(sentence, ephemeral=True)
        case discord.InteractionResponseType.deferred_channel_message:
            await interaction.edit_original_response(content=sentence)
        case _:
            await interaction.followup.send(sentence, ephemeral=True)
