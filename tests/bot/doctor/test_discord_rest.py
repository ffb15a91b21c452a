from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.clock import SystemClock
from bot.doctor.discord_rest import (
    MEMBERS,
    MESSAGE_CONTENT,
    PAGE,
    DiscordUnreachable,
    TokenRefused,
    ask_discord,
    seconds_ahead,
)
from tests.support.token_check import TOKEN, Discord
from tests.support.tokens import bot_token

Serve = Callable[[Discord], Awaitable[str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    servers: list[TestServer] = []

    async def start(discord: Discord) -> str:
        app = web.Application()
        app.router.add_get("/{path:.*}", discord.answer)
        server = TestServer(app)
        await server.start_server()
        servers.append(server)
        return str(server.make_url("")).rstrip("/")

    yield start
    for server in servers:
        await server.close()


async def test_application_and_servers_are_read(serve: Serve) -> None:
    facts = await ask_discord(TOKEN, await serve(Discord(guilds=3)))
    assert facts.application.name == "Serverstats"
    assert [guild.name for guild in facts.guilds] == ["server 1", "server 2", "server 3"]
    assert facts.guilds[0].permissions == "8"


async def test_servers_are_read_page_by_page(serve: Serve) -> None:
    discord = Discord(guilds=2 * PAGE)
    facts = await ask_discord(TOKEN, await serve(discord))
    assert len({guild.id for guild in facts.guilds}) == 2 * PAGE
    assert [path for path in discord.seen if "guilds" in path] == [
        f"/users/@me/guilds?limit={PAGE}&after={after}" for after in (0, PAGE, 2 * PAGE)
    ]


@pytest.mark.parametrize(
    ("flags", "members", "content"),
    [
        (0, False, False),
        (1 << 14, True, False),
        (1 << 15, True, False),
        (1 << 18, False, True),
        (3 << 18, False, True),
    ],
)
async def test_intents_are_read_from_the_flags(
    serve: Serve,
    flags: int,
    members: bool,  # noqa: FBT001 - a table of cases
    content: bool,  # noqa: FBT001 - same
) -> None:
    application = (await ask_discord(TOKEN, await serve(Discord(flags=flags)))).application
    assert application.has_intent(MEMBERS) is members
    assert application.has_intent(MESSAGE_CONTENT) is content


async def test_a_wrong_token_is_told(serve: Serve) -> None:
    with pytest.raises(TokenRefused):
        await ask_discord(bot_token(1), await serve(Discord()))


@pytest.mark.parametrize(
    ("discord", "said"),
    [
        (Discord(status=500), "status 500"),
        (Discord(status=429), "wait 7 seconds"),
        (Discord(garbage=True), "proxy"),
    ],
)
async def test_an_answer_that_is_none_is_told(serve: Serve, discord: Discord, said: str) -> None:
    with pytest.raises(DiscordUnreachable, match=said):
        await ask_discord(TOKEN, await serve(discord))


async def test_nobody_there_is_told() -> None:
    with pytest.raises(DiscordUnreachable, match="no connection"):
        await ask_discord(TOKEN, "http://127.0.0.1:1")


@pytest.mark.parametrize("off", [0.0, 90.0, -90.0])
async def test_the_clock_is_compared_without_a_token(serve: Serve, off: float) -> None:
    ahead = await seconds_ahead(SystemClock(), await serve(Discord(clock_off=off)))
    assert ahead == pytest.approx(-off, abs=1.5)


@pytest.mark.parametrize(
    ("more", "user_install"),
    [
        ({}, False),
        ({"integration_types_config": {"0": {}}}, False),
        ({"integration_types_config": {"0": {}, "1": {"oauth2_install_params": {"scopes": []}}}}, True),
    ],
)
async def test_installation_on_accounts_is_read(
    serve: Serve, more: dict[str, object], *, user_install: bool
) -> None:
    facts = await ask_discord(TOKEN, await serve(Discord(more=more)))
    assert facts.application.user_install is user_install
