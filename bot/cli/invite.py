"""``serverstats invite``: the link that brings the bot into a server, or onto one's own account."""

import base64
import binascii
from typing import Annotated
from urllib.parse import urlencode

import typer

from bot.cli.console import kind_errors, stderr, stdout
from bot.permissions import FEATURES, Permission, bits, wanted

AUTHORIZE = "https://discord.com/oauth2/authorize"
SCOPES = "bot applications.commands"
USER_SCOPE = "applications.commands"
_ON_ACCOUNT = 1
"""Discord's number for an installation on somebody's account."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("invite")(_invite)


def _invite(
    application_id: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="ID", help="The application's id; by default it is read from DISCORD_TOKEN."
        ),
    ] = None,
    guild: Annotated[
        int | None, typer.Option(min=1, metavar="ID", help="Choose this server in the dialog.")
    ] = None,
    with_: Annotated[
        list[str] | None,
        typer.Option(
            "--with", help=f"Ask for what a feature needs as well: {', '.join(FEATURES)}. Repeatable."
        ),
    ] = None,
    *,
    user: Annotated[
        bool,
        typer.Option("--user", help="For a person's own account, not a server: then `/me` works anywhere."),
    ] = False,
) -> None:
    """Print the link that invites the bot with just the permissions it needs."""
    features = with_ or []
    if user and (features or guild is not None):
        raise typer.BadParameter("--user takes neither --guild nor --with: an account gives no permissions.")
    if unknown := sorted(set(features) - set(FEATURES)):
        raise typer.BadParameter(f"{', '.join(unknown)}: the features are {', '.join(FEATURES)}.")
    with kind_errors():
        client = application_id or _own_application()
    if user:
        stderr().print("User Install has to be on: developer portal, your application, Installation.\n")
        stdout().print(user_link(client), markup=False)
        return
    permissions = wanted(features)
    # The link alone on standard output, so that it can be piped.
    stderr().print(_reasons(permissions), markup=False)
    stdout().print(link(client, permissions, guild), markup=False)


def link(application_id: int, permissions: tuple[Permission, ...], guild_id: int | None = None) -> str:
    """The address that asks a server's admin to let the bot in with these permissions."""
    query = {"client_id": application_id, "scope": SCOPES, "permissions": bits(permissions)}
    if guild_id is not None:
        query["guild_id"] = guild_id
    return f"{AUTHORIZE}?{urlencode(query)}"


def user_link(application_id: int) -> str:
    """The address that asks a person to have the application's commands on the own account."""
    query = {"client_id": application_id, "scope": USER_SCOPE, "integration_type": _ON_ACCOUNT}
    return f"{AUTHORIZE}?{urlencode(query)}"


def application_of(token: str) -> int | None:
    """The application's id, which is the first part of its token; None where that is no id."""
    head = token.split(".", maxsplit=1)[0]
    try:
        text = base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return int(text) if text.isdecimal() else None


def _own_application() -> int:
    from bot.settings import Problem, SettingsError, load_settings, require_token  # noqa: PLC0415 - slow

    found = application_of(require_token(load_settings()))
    if found is None:
        raise SettingsError(
            [
                Problem(
                    "DISCORD_TOKEN",
                    "does not begin with an application's id.",
                    "copy the token again, or pass --application-id (General Information in the portal).",
                )
            ]
        )
    return found


def _reasons(permissions: tuple[Permission, ...]) -> str:
    width = max(len(item.name) for item in permissions)
    lines = (f"  {item.name:<{width}}  {item.reason}" for item in permissions)
    return "\n".join(("Serverstats asks for", *lines, ""))
