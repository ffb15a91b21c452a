"""The checks, one function each: facts in, a finding out."""

import ipaddress
from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.db.check import ServerFacts, ServerKind, ServerProblem, is_newer_than_tried, require_usable
from bot.doctor.discord_rest import MEMBERS, MESSAGE_CONTENT, DiscordFacts, DiscordUnreachable, TokenRefused
from bot.doctor.embedded import EmbeddedFacts
from bot.doctor.gathering import Gathered, SetUp
from bot.doctor.model import Finding, fail, ok, skipped, warn
from bot.permissions import missing, wanted
from bot.settings import SettingsError

OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 13)
MIB = 1 << 20
LEAST_FREE = 512 * MIB
ROOM_FOR_DATA = 1024 * MIB
FEWEST_OPEN_FILES = 1024
CLOCK_WARN_SECONDS, CLOCK_FAIL_SECONDS = 5, 300
GUILDS_NAMED = 5
FILES_NAMED = 3
PORTAL = "discord.com/developers/applications"
REVIEW = "From 10,000 users on, Discord reviews who may use it, each year again."
UNREAD = skipped("not checked, as the settings cannot be read")


def settings(gathered: Gathered) -> Finding:
    """Whether the settings can be read."""
    if not isinstance(gathered.set_up, SettingsError):
        return ok("all readable")
    problems = gathered.set_up.problems
    found = "\n".join(f"{item.variable} {item.wrong}" for item in problems)
    return fail(found, "\n".join(f"{item.variable}: {item.mend}" for item in problems))


def python(gathered: Gathered) -> Finding:
    """Whether this Python was tried."""
    version = gathered.host.python
    said = ".".join(map(str, version))
    if version < OLDEST_PYTHON:
        return fail(f"Python {said} is too old", "Install Python 3.11, 3.12 or 3.13.")
    if version > NEWEST_PYTHON:
        return warn(f"Python {said} was not tried yet", "If something breaks, use Python 3.13.")
    return ok(said)


def data_folder(gathered: Gathered) -> Finding:
    """Whether the data folder can be written."""
    if isinstance(gathered.set_up, SettingsError):
        return UNREAD
    folder = gathered.set_up.folder
    if folder.obstacle:
        return fail(
            f"cannot be written: {folder.obstacle}",
            "Give it to the user that runs Serverstats, or point SERVERSTATS_DATA_DIR to another folder.",
        )
    if folder.exposed:
        named = ", ".join(folder.exposed[:FILES_NAMED]) + (
            ", ..." if len(folder.exposed) > FILES_NAMED else ""
        )
        return warn(
            f"{folder.path}: other users here can reach {len(folder.exposed)} files in it ({named})",
            f"Take that away: chmod -R go= {folder.path}",
        )
    return ok(f"{folder.path}" if folder.exists else f"{folder.path} (made at the first start)")


def disk(gathered: Gathered) -> Finding:
    """Whether the disk has room for the journal and, embedded, for the data."""
    if isinstance(gathered.set_up, SettingsError):
        return UNREAD
    free = gathered.set_up.folder.free_bytes
    embedded = gathered.set_up.settings.mongodb_uri is None
    needed = gathered.set_up.settings.journal_max_mib * MIB + (ROOM_FOR_DATA if embedded else 0)
    said = f"{free // MIB:,} MiB free"
    if free < LEAST_FREE:
        return fail(said, "Free at least 512 MiB, or point SERVERSTATS_DATA_DIR to another disk.")
    if free < needed:
        return warn(
            f"{said}, the journal and the data may grow to {needed // MIB:,} MiB",
            "Free some, or lower SERVERSTATS_JOURNAL_MAX_MIB.",
        )
    return ok(said)


def pseudonym_key(gathered: Gathered) -> Finding:
    """Whether the key of the pseudonyms can be used."""
    if isinstance(gathered.set_up, SettingsError):
        return UNREAD
    if gathered.set_up.settings.pseudonym_key is not None:
        return ok("from SERVERSTATS_PSEUDONYM_KEY")
    key = gathered.set_up.key
    if key.problem:
        return fail(key.problem, "See the finding; without the right key every member counts as someone new.")
    return ok("key file in the data folder (keep a copy)" if key.exists else "made at the first start")


def database(gathered: Gathered) -> Finding:
    """Whether there is a MongoDB that will do."""
    if isinstance(gathered.set_up, SettingsError):
        return UNREAD
    match gathered.set_up.database:
        case EmbeddedFacts(problem=None) as embedded:
            return ok(f"embedded, {embedded.found}")
        case EmbeddedFacts() as embedded:
            return fail(embedded.found, embedded.problem or "")
        case ServerProblem() as problem:
            return fail(problem.finding, problem.mend)
        case ServerFacts() as server:
            return _server(server)


def _server(server: ServerFacts) -> Finding:
    try:
        require_usable(server)
    except ServerProblem as problem:
        return fail(problem.finding, problem.mend)
    name = f' "{server.replica_set}"' if server.kind is ServerKind.REPLICA_SET else ""
    said = f"MongoDB {server.version}, {server.kind}{name}"
    if is_newer_than_tried(server):
        return warn(f"{said}: a version that was not tried yet", "If something breaks, use MongoDB 8.")
    if not server.tls and any(_is_public(item) for item in server.hosts):
        return warn(
            f"{said}, without TLS over a public network",
            "Switch TLS on in the server and add tls=true to MONGODB_URI.",
        )
    if not server.authenticated:
        return warn(
            f"{said}, open to everyone who reaches it",
            "Switch access control on and put user and password into MONGODB_URI.",
        )
    return ok(said + (", TLS" if server.tls else ""))


def _is_public(host_and_port: str) -> bool:
    """Whether a host lies outside this machine and private networks; a bare name counts as private."""
    host = host_and_port.rpartition(":")[0] or host_and_port
    host = host.strip("[]")
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".internal", ".lan", ".localdomain"))


def fonts(gathered: Gathered) -> Finding:
    """Whether charts can show names in every script."""
    found = gathered.host.fonts
    if found.missing_scripts:
        packages = f" ({', '.join(found.missing_packages)} is missing)" if found.missing_packages else ""
        return warn(
            f"charts cannot draw {', '.join(found.missing_scripts)}{packages}",
            "Install Serverstats again with its dependencies: pip install -c constraints.txt .",
        )
    return ok("every script that was tried")


def open_files(gathered: Gathered) -> Finding:
    """Whether the process may open enough files."""
    limit = gathered.host.open_files
    if limit is None:
        return ok("the system sets no limit")
    if 0 <= limit < FEWEST_OPEN_FILES:
        return warn(f"at most {limit}", "Raise it: `ulimit -n 4096`, in a systemd unit LimitNOFILE=4096.")
    return ok("without limit" if limit < 0 else f"at most {limit:,}")


def token(gathered: Gathered) -> Finding:
    """Whether Discord takes the token."""
    if isinstance(gathered.set_up, SettingsError):
        return UNREAD
    match gathered.set_up.discord:
        case None:
            return skipped(
                "no DISCORD_TOKEN",
                f"To connect to Discord: {PORTAL}, your application, Bot, Reset Token; then put "
                "DISCORD_TOKEN=... into .env. The demo and imports need none.",
            )
        case TokenRefused():
            return fail("Discord does not know it", f"Make a new one: {PORTAL}, your application, Bot.")
        case DiscordUnreachable() as error:
            return fail(
                str(error), "Check the network, and discordstatus.com; behind a proxy set HTTPS_PROXY."
            )
        case DiscordFacts(application=application):
            return ok(f'of "{application.name}"')


def clock(gathered: Gathered) -> Finding:
    """Whether this host's clock agrees with Discord's."""
    ahead = gathered.host.clock_ahead
    if isinstance(ahead, DiscordUnreachable):
        return skipped(f"Discord's clock was not seen: {ahead}")
    said = f"{abs(ahead):,.0f} s {'ahead of' if ahead > 0 else 'behind'} Discord's"
    mend = "Keep it right: `timedatectl set-ntp true`, or the time settings of the system."
    if abs(ahead) > CLOCK_FAIL_SECONDS:
        return fail(said, mend)
    if abs(ahead) > CLOCK_WARN_SECONDS:
        return warn(said, mend)
    return ok("agrees with Discord's")


def members_intent(gathered: Gathered) -> Finding:
    """Whether Discord tells of joins and leaves."""
    facts = _discord(gathered)
    if isinstance(facts, Finding):
        return facts
    if facts.application.has_intent(MEMBERS):
        return ok("on")
    return warn(
        "off: the number of members is brought up to date only when the bot connects",
        f"{PORTAL}, your application, Bot, switch Server Members Intent on. {REVIEW}",
    )


def message_content_intent(gathered: Gathered) -> Finding:
    """Whether the intent is on if the settings ask for it; asking in vain ends the connection."""
    facts = _discord(gathered)
    if isinstance(facts, Finding) or isinstance(gathered.set_up, SettingsError):
        return facts if isinstance(facts, Finding) else UNREAD
    asked, granted = gathered.set_up.settings.message_content, facts.application.has_intent(MESSAGE_CONTENT)
    if asked and not granted:
        return fail(
            "off, but SERVERSTATS_MESSAGE_CONTENT asks for it, and Discord ends connections that do",
            f"{PORTAL}, your application, Bot, switch Message Content Intent on; or set "
            f"SERVERSTATS_MESSAGE_CONTENT=false. {REVIEW}",
        )
    if granted and not asked:
        return warn(
            "on, but not used",
            "Switch it off again, or set SERVERSTATS_MESSAGE_CONTENT=true to count files, embeds and polls.",
        )
    return ok("on" if asked else "off, as set: files, embeds and polls stay unknown")


def user_install(gathered: Gathered) -> Finding:
    """Whether people may add the bot to their own account, which is up to whoever runs it."""
    facts = _discord(gathered)
    if isinstance(facts, Finding):
        return facts
    application = facts.application
    if not application.user_install:
        return ok("off: `/me` works in servers and in direct messages with the bot")
    if not application.bot_public:
        return ok("on, for you alone, as Public Bot is off: `/me` works anywhere")
    return ok("on: `/me` works anywhere for who opened the link of `serverstats invite --user`")


def servers(gathered: Gathered) -> Finding:
    """Whether the bot is somewhere, with the permissions it needs."""
    facts = _discord(gathered)
    if isinstance(facts, Finding):
        return facts
    if not facts.guilds:
        return warn("in none", "Invite the bot: `serverstats invite` prints the link.")
    lacking = {guild.name: missing(int(guild.permissions), wanted()) for guild in facts.guilds}
    lines = [f"{name}: no {', '.join(p.name for p in lost)}" for name, lost in lacking.items() if lost]
    if not lines:
        return ok(f"in {len(facts.guilds)}, with every permission")
    shown = lines[:GUILDS_NAMED] + (["..."] if len(lines) > GUILDS_NAMED else [])
    return warn(
        "\n".join((f"in {len(facts.guilds)}; permissions are missing in {len(lines)}:", *shown)),
        "Give them to the bot's role, or open the link of `serverstats invite` once more.",
    )


def _discord(gathered: Gathered) -> DiscordFacts | Finding:
    """What Discord said, or why a check that needs it is skipped."""
    set_up = gathered.set_up
    if isinstance(set_up, SetUp) and isinstance(set_up.discord, DiscordFacts):
        return set_up.discord
    return UNREAD if isinstance(set_up, SettingsError) else skipped("needs a token that works")


CHECKS: Mapping[str, Callable[[Gathered], Finding]] = MappingProxyType(
    {
        "Settings": settings,
        "Python": python,
        "Data folder": data_folder,
        "Disk": disk,
        "Pseudonym key": pseudonym_key,
        "Database": database,
        "Fonts": fonts,
        "Open files": open_files,
        "Discord token": token,
        "Clock": clock,
        "Server members intent": members_intent,
        "Message content intent": message_content_intent,
        "User install": user_install,
        "Servers": servers,
    }
)
