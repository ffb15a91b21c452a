"""`/admin settings` as admins meet it, and what it does to the whole bot."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult, ResponseMessage

from analytics.charts.spec import Theme
from bot.audit import CHANGED
from bot.client import ServerstatsClient
from bot.db.database import Handle
from bot.db.guild_settings import GuildSettings
from bot.ingest.store import StoreUnavailable
from bot.preferences import Keeping, Preferences
from bot.services import Services
from cogs.admin.settings.panel import form_of, home, page_of, question
from cogs.admin.settings.registry import SETTINGS
from cogs.answering import Asked
from tests.discord.stage import LANGUAGES, Stage, fields_of, fresh_client, staged
from tests.discord.test_people import audit
from tests.discord.test_whole_bot import scene
from texts import Language, speaking

COMMANDS = ("cogs.admin", "cogs.serverstats", "cogs.controls")
MEANWHILE = "This setting was changed meanwhile, so nothing was done"


@dataclass
class Office:
    """An admin in front of the panel."""

    stage: Stage
    admin: MemberActor

    async def page(self, key: str) -> ResponseMessage:
        panel = (await self.admin.slash(self.stage.channel, "admin settings")).response
        await self.admin.select(panel, [key], custom_id="st1o:::")
        return panel

    async def type_in(self, page: ResponseMessage, **typed: str) -> InteractionResult:
        """Use the form of a setting's page."""
        form = await self.admin.click(page, label="Change…")
        return await self.admin.submit_modal(form, typed)

    async def choose(self, page: ResponseMessage, values: list[Any]) -> InteractionResult:
        """Use the menu of a setting's page."""
        return await self.admin.select(page, values, custom_id=menu_of(page))

    @property
    def services(self) -> Services:
        client = self.stage.env.bot
        assert isinstance(client, ServerstatsClient)
        return client.services

    @property
    def prefers(self) -> Preferences:
        return self.services.preferences.present(self.stage.guild.id)

    async def restart(self) -> None:
        """Start another bot on the same services."""
        client = fresh_client(self.stage.reader, self.stage.charts, extensions=COMMANDS)
        client.services = self.services
        await self.stage.env.restart_bot(client)

    async def audit(self) -> list[str]:
        result = await self.admin.slash(self.stage.channel, "admin audit")
        return [line.partition("> ")[2] for line in str(result.response.embeds[0].description).splitlines()]


@asynccontextmanager
async def office(*, message_content: bool = True) -> AsyncIterator[Office]:
    async with staged(COMMANDS, message_content=message_content) as stage:
        role = stage.guild.create_role("Admin", permissions=discord.Permissions(manage_guild=True))
        yield Office(stage, stage.guild.add_member(stage.env.create_user("admiral"), roles=[role]))


def menu_of(page: ResponseMessage) -> str:
    (menu,) = [
        item["custom_id"]
        for row in page.components
        for item in row["components"]
        if item["custom_id"].startswith("st1s:")
    ]
    return str(menu)


def _keeping(asked: list[Asked]) -> Callable[[Asked], Awaitable[None]]:
    """A listener that keeps interactions, to draw pages with."""

    async def keep(interaction: Asked) -> None:
        asked.append(interaction)

    return keep


def now_of(page: ResponseMessage) -> str:
    return fields_of(page.embeds[0])["Now"]


async def test_the_panel_shows_every_setting_and_leads_to_each_also_after_a_restart() -> None:
    async with office() as at:
        result = await at.admin.slash(at.stage.channel, "admin settings")
        assert result.ephemeral
        panel = result.response
        assert fields_of(panel.embeds[0]) == {
            "Time zone": "Europe/Berlin",
            "Who may see statistics": "nobody besides",
            "Who may see single members": "nobody besides",
            "Retention": "as long as the host keeps it",
            "Sentiment": "Off: no text is looked at",
            "Report channel": "none",
            "Charts": "Dark, as Discord is for most",
            "Language": "As Discord has it for this server",
        }
        for key, setting in SETTINGS.items():
            await at.restart()
            await at.admin.select(panel, [key], custom_id="st1o:::")
            assert panel.embeds[0].title == str(setting.title)
            await at.admin.click(panel, label="All settings")
            assert panel.embeds[0].title == "Settings of this server"


async def test_the_theme_holds_at_once_for_charts_and_is_noted() -> None:
    async with office() as at:
        page = await at.page("theme")
        await at.restart()
        await at.choose(page, ["light"])
        assert now_of(page) == "Light, as for white pages and print"
        (line,) = await at.audit()
        assert line.startswith(
            f"<@{at.admin.id}> changed “Charts” from “Dark, as Discord is for most” to “Light"
        )
        overview = await at.stage.moderator.slash(at.stage.channel, "serverstats overview")
        export = await at.stage.moderator.click(overview.response, label="Export…")
        await at.stage.moderator.select(export.response, ["png"])
        assert [drawn.theme for drawn in at.stage.charts.drawn] == [Theme.LIGHT, Theme.LIGHT]
        await at.choose(page, ["light"])
        assert page.embeds[0].footer.text == "Nothing has changed."
        assert len(audit(at.stage).entries) == 2, "the change, and the export"


async def test_the_language_holds_for_what_all_read_alone() -> None:
    async with office() as at:
        page = await at.page("language")
        assert now_of(page) == "As Discord has it for this server"
        await at.choose(page, ["de"])
        assert now_of(page) == "Deutsch"
        await at.restart()
        overview = await at.stage.moderator.slash(at.stage.channel, "serverstats overview")
        assert overview.response.embeds[0].title == "Überblick"
        export = await at.stage.moderator.click(overview.response, label="Exportieren…")
        assert export.response.components[0]["components"][0]["placeholder"] == "Take it away as …"
        await at.choose(page, ["discord"])
        await at.stage.moderator.click(overview.response, label="Aktualisieren")
        assert overview.response.embeds[0].title == "Overview"


async def test_sentiment_is_switched_on_after_a_question_and_off_at_once() -> None:
    async with office() as at:
        page = await at.page("sentiment")
        await at.choose(page, ["on"])
        assert page.embeds[0].title == "Sentiment: change it?"
        assert "No text is kept" in str(page.embeds[0].description)
        assert at.prefers == Preferences(), "not before it is confirmed"
        await at.restart()
        await at.admin.click(page, label="Change it")
        assert now_of(page) == "On: texts are scored in memory, and daily sums are kept"
        after = at.prefers.sentiment_after
        assert after is not None
        assert after > page.id, "as of the click"
        assert at.services.sentiment.of(at.stage.guild.id, after + 1, "nice") is not None
        assert at.services.sentiment.of(at.stage.guild.id, after, "nice") is None
        await at.choose(page, ["off"])
        assert now_of(page) == "Off: no text is looked at"
        assert at.prefers == Preferences()
        assert (await at.audit())[0].startswith(f"<@{at.admin.id}> changed “Sentiment” from “On: texts are")


async def test_sentiment_is_refused_where_discord_does_not_show_what_is_written() -> None:
    async with office(message_content=False) as at:
        page = await at.page("sentiment")
        result = await at.choose(page, ["on"])
        assert "has not asked Discord for the message content intent" in str(result.followups[0].content)
        assert at.prefers == Preferences()
        assert audit(at.stage).entries == []
        kept = Preferences(sentiment_after=1)  # the host has taken the intent back since
        at.services.preferences._known[at.stage.guild.id] = kept
        panel = (await at.admin.slash(at.stage.channel, "admin settings")).response
        assert "until then sentiment stays unknown" in fields_of(panel.embeds[0])["Sentiment"]


async def test_roles_are_chosen_and_taken_out_again() -> None:
    async with office() as at:
        crew, deck = at.stage.guild.create_role("Watch"), at.stage.guild.create_role("Deck")
        page = await at.page("statistics")
        await at.choose(page, [crew, deck])
        assert at.prefers.statistics_roles == {crew.id, deck.id}
        await at.choose(page, [deck])
        assert now_of(page) == f"<@&{deck.id}>"
        await at.choose(await at.page("members"), [crew])
        assert at.prefers == Preferences(frozenset({deck.id}), frozenset({crew.id}))
        assert (await at.audit())[0].endswith(f"from “nobody besides” to “<@&{crew.id}>”")


async def test_not_everybody_may_look_at_members() -> None:
    async with office() as at:
        everybody = at.stage.guild.default_role
        result = await at.choose(await at.page("members"), [everybody])
        assert "Not everybody may look at single members" in str(result.followups[0].content)
        await at.choose(await at.page("statistics"), [everybody])
        assert at.prefers == Preferences(frozenset({at.stage.guild.id}))


async def test_reports_go_where_the_bot_may_post() -> None:
    async with office() as at:
        guild = at.stage.guild
        mute = discord.PermissionOverwrite(send_messages=False)
        vault = guild.create_text_channel("vault", overwrites={guild.default_role: mute})
        log = guild.create_text_channel("log")
        page = await at.page("reports")
        result = await at.choose(page, [vault])
        said = str(result.followups[0].content)
        assert said.startswith(
            f"I cannot post in <#{vault.id}>: give me these permissions there: Send Messages"
        )
        assert at.prefers.report_channel is None
        await at.choose(page, [log])
        assert at.prefers.report_channel == log.id
        await at.stage.env.bot.get_channel(log.id).delete()
        await at.stage.env.settle()
        panel = (await at.admin.slash(at.stage.channel, "admin settings")).response
        assert "it is gone" in fields_of(panel.embeds[0])["Report channel"]


async def test_a_city_is_enough_where_it_says_which_zone() -> None:
    async with office() as at:
        page = await at.page("zone")
        form = await at.admin.click(page, label="Change…")
        await at.restart()
        await at.admin.submit_modal(form, {"zone": "louisville"})
        await at.choose(page, ["America/Kentucky/Louisville"])
        assert now_of(page) == "America/Kentucky/Louisville"
        assert "Days and hours before stay" in fields_of(page.embeds[0])["Please note"]
        result = await at.type_in(page, zone="Atlantis")
        assert str(result.followups[0].content).startswith("There is no time zone “Atlantis”: type")
        assert now_of(page) == "America/Kentucky/Louisville"


async def test_a_shorter_retention_is_confirmed_with_what_it_would_delete() -> None:
    async with office() as at:
        page = await at.page("retention")
        await at.type_in(page, members="365", hours="0090")
        assert page.embeds[0].title == "Retention: change it?"
        assert "- What members did, by day: 1,234 entries" in page.embeds[0].description
        assert at.prefers.keeping == Keeping()
        await at.restart()
        await at.admin.click(page, label="Change it")
        assert at.prefers.keeping == Keeping(members=365, hours=90)
        assert now_of(page) == "What members did, by day: 365 days, Snapshots of single hours: 90 days"

        await at.type_in(page, members="500", hours="")
        assert at.prefers.keeping == Keeping(members=500), "nothing is lost by that"
        await at.type_in(page, members="1")
        await at.admin.click(page, label="Leave it as it is")
        assert at.prefers.keeping == Keeping(members=500)
        assert [(entry.before, entry.after) for entry in audit(at.stage).entries] == [
            (",,,", "365,,,90"),
            ("365,,,90", "500,,,"),
        ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"members": "731"}, "What members did, by day: give 1 to 730 days"),
        ({"members": "ten"}, "“ten” is no number of days"),
        ({"totals": "0"}, "Sums of the server and channels: give 1 day or more"),
    ],
)
async def test_a_retention_that_the_host_does_not_allow_is_refused(typed: dict[str, str], said: str) -> None:
    async with office() as at:
        result = await at.type_in(await at.page("retention"), **typed)
        assert said in str(result.followups[0].content)
        assert at.prefers == Preferences()


async def test_a_page_that_was_overtaken_says_so_and_changes_nothing() -> None:
    async with office() as at:
        old, form_page, asked = await at.page("theme"), await at.page("zone"), await at.page("retention")
        form = await at.admin.click(form_page, label="Change…")
        await at.type_in(asked, members="100")
        await at.choose(await at.page("theme"), ["light"])
        await at.type_in(await at.page("zone"), zone="Europe/Paris")
        again = await at.page("retention")
        await at.type_in(again, members="200")
        await at.admin.click(again, label="Change it")

        late = [
            await at.choose(old, ["dark"]),
            await at.admin.submit_modal(form, {"zone": "Asia/Tokyo"}),
            await at.admin.click(asked, label="Change it"),
        ]
        assert [str(each.followups[0].content).startswith(MEANWHILE) for each in late] == [True] * 3
        assert [now_of(page).split()[0] for page in (old, form_page)] == ["Light,", "Europe/Paris"]
        assert at.prefers == Preferences(theme=Theme.LIGHT, keeping=Keeping(members=200))
        assert len(audit(at.stage).entries) == 3


async def test_an_outdated_control_says_so() -> None:
    async with office() as at:
        for custom_id in ("st", "st0o:::", "st1x:::", "st1a:gone::", "st1f:theme:0:", "st1c", "st1a:theme::"):
            view = discord.ui.View(timeout=None)
            view.add_item(discord.ui.Button(label="Old", custom_id=custom_id))
            view.stop()
            await at.stage.env.bot.get_channel(at.stage.channel.id).send("An old panel", view=view)
            result = await at.admin.click(at.stage.channel.last_message, label="Old")
            assert result.response.content.startswith("This message is from an older version of me"), (
                custom_id
            )


async def test_who_is_no_admin_any_more_changes_nothing() -> None:
    async with office() as at:
        page = await at.page("theme")
        form = await at.admin.click(await at.page("zone"), label="Change…")
        (role,) = [role for role in at.stage.env.bot.guilds[0].roles if role.name == "Admin"]
        await role.edit(permissions=discord.Permissions.none())
        for result in (
            await at.choose(page, ["light"]),
            await at.admin.click(page, label="All settings"),
            await at.admin.submit_modal(form, {"zone": "Europe/Paris"}),
        ):
            assert "Manage Server" in str(result.response.content)
        assert at.prefers == Preferences()
        assert audit(at.stage).entries == []


@pytest.mark.parametrize("language", list(LANGUAGES), ids=lambda language: language.tag)
async def test_every_page_and_form_has_room_in_every_language(language: Language) -> None:
    async with office() as at:
        roles = frozenset(10**18 + number for number in range(25))
        full = Preferences(roles, roles, at.stage.channel.id, Theme.LIGHT, Keeping(20_000, 90, 20_000, 400))
        at.services.preferences._known[at.stage.guild.id] = full
        asked: list[Asked] = []
        at.stage.env.bot.add_listener(_keeping(asked), "on_interaction")
        await at.admin.click(await at.page("theme"), label="All settings")
        guild = at.stage.guild.id
        with speaking(language):
            pages = [home(asked[-1], guild), *(page_of(asked[-1], guild, each) for each in SETTINGS.values())]
            forms = [form_of(asked[-1], guild, each) for each in SETTINGS.values() if each.form is not None]
            long = question(asked[-1], guild, SETTINGS["retention"], "1,1,1,1", "x")
        for page in [*pages, long]:
            assert len(page.embed) <= 6000
            assert all(len(str(field.value)) <= 1024 for field in page.embed.fields)
        for form in forms:
            assert len(form.title) <= 45
            for label in form.children:
                assert isinstance(label, discord.ui.Label)
                assert len(label.text) <= 45
                assert len(str(label.description)) <= 100


async def test_what_cannot_be_kept_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    async with office() as at:
        page = await at.page("theme")

        async def refuse(*_args: object) -> None:
            raise StoreUnavailable("no primary")

        monkeypatch.setattr(at.services.preferences._store, "save_preferences", refuse)
        result = await at.choose(page, ["light"])
        assert str(result.followups[0].content).startswith("The database does not answer just now")
        assert at.prefers == Preferences()


async def test_the_whole_bot_keeps_settings_and_goes_by_them(
    mongodb_uri: str, database_name: str, db: Handle, data_dir: Path
) -> None:
    async with scene(mongodb_uri, database_name, data_dir) as on:
        role = on.guild.create_role("Admin", permissions=discord.Permissions(manage_guild=True))
        admin = on.guild.add_member(on.env.create_user("admiral"), roles=[role])
        panel = (await admin.slash(on.general, "admin settings")).response
        await admin.select(panel, ["zone"], custom_id="st1o:::")
        form = await admin.click(panel, label="Change…")
        await admin.submit_modal(form, {"zone": "asia/kolkata"})
        counting = await admin.slash(on.general, "admin counting")
        await admin.select(counting.response, [on.general], custom_id="counting:channel")

        services, now = on.app.services, on.app.services.clock.now_ms()
        labels = [services.calendars.label(on.guild.id, at).zone for at in (now, now + 900_000)]
        assert labels == [0, 1]
        known = await on.app.directory.guild(on.guild.id)
        assert known is not None
        assert known.zones.spans == services.preferences.zones(on.guild.id).spans
        assert known.zones.current.zone.key == "Asia/Kolkata"
        assert (await GuildSettings(db).all_rules())[on.guild.id].excluded_channels == [on.general.id]
        noted = await services.audit.latest(on.guild.id, 0, 9)
        (entry,) = [each for each in noted if each.what == CHANGED]
        assert (entry.subject, entry.before, entry.after) == ("zone", "UTC", "Asia/Kolkata")
