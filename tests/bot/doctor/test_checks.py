from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from pydantic import SecretStr

from bot.db.check import ServerFacts, ServerKind, ServerProblem
from bot.doctor import checks
from bot.doctor.discord_rest import Application, DiscordFacts, DiscordUnreachable, Guild, TokenRefused
from bot.doctor.embedded import EmbeddedFacts
from bot.doctor.gathering import Gathered, HostFacts, SetUp
from bot.doctor.host import FolderFacts, FontFacts, KeyFacts
from bot.doctor.model import Finding, Status
from bot.permissions import ADMINISTRATOR, bits, wanted
from bot.settings import Problem, Settings, SettingsError

GIB = 1 << 30
ALL = str(bits(wanted()))
SERVER = ServerFacts("8.0.4", ServerKind.REPLICA_SET, "rs0", False, ("127.0.0.1:27017",), True, ())  # noqa: FBT003 - as in the class


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    for name in ("DISCORD_TOKEN", "MONGODB_URI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return Settings()


@pytest.fixture
def healthy(settings: Settings) -> Gathered:
    discord = DiscordFacts(Application("1", "Stats", flags=1 << 15), (Guild("9", "Home", ALL),))
    folder = FolderFacts(Path("/srv/data"), exists=True, obstacle=None, free_bytes=100 * GIB)
    key = KeyFacts(exists=True, problem=None)
    set_up = SetUp(settings, folder, key, EmbeddedFacts("MongoDB 6.0.27", None), discord)
    return Gathered(HostFacts((3, 12), 65_536, FontFacts((), ()), 0.4), set_up)


def with_set_up(gathered: Gathered, **changes: object) -> Gathered:
    assert isinstance(gathered.set_up, SetUp)
    return replace(gathered, set_up=replace(gathered.set_up, **changes))  # type: ignore[arg-type]  # by name


def with_host(gathered: Gathered, **changes: object) -> Gathered:
    return replace(gathered, host=replace(gathered.host, **changes))  # type: ignore[arg-type]  # by name


def with_settings(gathered: Gathered, **changes: object) -> Gathered:
    assert isinstance(gathered.set_up, SetUp)
    return with_set_up(gathered, settings=gathered.set_up.settings.model_copy(update=changes))


def is_mendable(finding: Finding, status: Status, said: str) -> None:
    assert finding.status is status
    assert said in finding.found
    assert finding.mend


def test_a_healthy_set_up_passes_every_check(healthy: Gathered) -> None:
    assert {name: check(healthy).status for name, check in checks.CHECKS.items()} == dict.fromkeys(
        checks.CHECKS, Status.OK
    )


def test_without_a_token_nothing_fails_and_the_finding_says_how_to_get_one(healthy: Gathered) -> None:
    found = {name: check(with_set_up(healthy, discord=None)) for name, check in checks.CHECKS.items()}
    assert {item.status for item in found.values()} == {Status.OK, Status.SKIPPED}
    assert "Reset Token" in found["Discord token"].mend


def test_files_that_others_can_reach_are_named(healthy: Gathered) -> None:
    names = ("instance.id", "journal/journal.id", "journal/0000000001.segment", "archive/1-2026-01.zip")
    folder = FolderFacts(Path("/srv"), exists=True, obstacle=None, free_bytes=100 * GIB, exposed=names)
    found = checks.data_folder(with_set_up(healthy, folder=folder))
    is_mendable(found, Status.WARN, "can reach 4 files")
    assert names[0] in found.found
    assert names[3] not in found.found
    assert found.mend.endswith("chmod -R go= /srv")


def test_broken_settings_fail_and_leave_the_rest_unread(healthy: Gathered) -> None:
    broken = replace(healthy, set_up=SettingsError([Problem("SERVERSTATS_X", "is wrong.", "mend it.")]))
    found = {name: check(broken).status for name, check in checks.CHECKS.items()}
    assert [name for name, status in found.items() if status is Status.FAIL] == ["Settings"]
    assert found["Database"] is Status.SKIPPED
    assert found["Fonts"] is Status.OK
    is_mendable(checks.settings(broken), Status.FAIL, "SERVERSTATS_X is wrong.")


@pytest.mark.parametrize(("version", "status"), [((3, 10), Status.FAIL), ((3, 14), Status.WARN)])
def test_python(healthy: Gathered, version: tuple[int, int], status: Status) -> None:
    is_mendable(checks.python(with_host(healthy, python=version)), status, "Python 3.1")


def test_a_data_folder_that_cannot_be_written(healthy: Gathered) -> None:
    locked = FolderFacts(Path("/srv"), exists=True, obstacle="/srv: Permission denied", free_bytes=GIB)
    is_mendable(checks.data_folder(with_set_up(healthy, folder=locked)), Status.FAIL, "Permission denied")


@pytest.mark.parametrize(("free", "status"), [(GIB // 4, Status.FAIL), (3 * GIB // 2, Status.WARN)])
def test_disk(healthy: Gathered, free: int, status: Status) -> None:
    folder = FolderFacts(Path("/srv"), exists=True, obstacle=None, free_bytes=free)
    is_mendable(checks.disk(with_set_up(healthy, folder=folder)), status, "MiB free")


def test_an_own_server_needs_room_for_the_journal_alone(healthy: Gathered) -> None:
    folder = FolderFacts(Path("/srv"), exists=True, obstacle=None, free_bytes=3 * GIB // 2)
    elsewhere = with_settings(with_set_up(healthy, folder=folder), mongodb_uri=SecretStr("mongodb://h/"))
    assert checks.disk(elsewhere).status is Status.OK


def test_a_bad_key(healthy: Gathered) -> None:
    bad = KeyFacts(exists=True, problem="The pseudonym key has 3 bytes.")
    is_mendable(checks.pseudonym_key(with_set_up(healthy, key=bad)), Status.FAIL, "3 bytes")


@pytest.mark.parametrize(
    ("database", "status", "said"),
    [
        (EmbeddedFacts("no MongoDB", "Install it"), Status.FAIL, "no MongoDB"),
        (ServerProblem("It is away.", "Start it."), Status.FAIL, "away"),
        (replace(SERVER, kind=ServerKind.STANDALONE), Status.FAIL, "standalone"),
        (replace(SERVER, version="5.0.1"), Status.FAIL, "oldest"),
        (replace(SERVER, version="9.1.0"), Status.WARN, "not tried"),
        (replace(SERVER, missing_actions=("collMod",)), Status.FAIL, "collMod"),
        (replace(SERVER, authenticated=False), Status.WARN, "open to everyone"),
        (replace(SERVER, hosts=("db.example.org:27017",)), Status.WARN, "without TLS"),
        (replace(SERVER, hosts=("93.184.216.34:27017",)), Status.WARN, "without TLS"),
    ],
)
def test_database(
    healthy: Gathered, database: EmbeddedFacts | ServerFacts | ServerProblem, status: Status, said: str
) -> None:
    is_mendable(checks.database(with_set_up(healthy, database=database)), status, said)


@pytest.mark.parametrize(
    "host", ["mongo:27017", "localhost", "10.1.2.3:27017", "[::1]:27017", "db.internal:27017"]
)
def test_a_private_server_may_go_without_tls(healthy: Gathered, host: str) -> None:
    found = checks.database(with_set_up(healthy, database=replace(SERVER, hosts=(host,))))
    assert found.status is Status.OK


def test_tls_makes_a_public_server_well(healthy: Gathered) -> None:
    server = replace(SERVER, hosts=("db.example.org:27017",), tls=True)
    assert checks.database(with_set_up(healthy, database=server)).status is Status.OK


def test_fonts(healthy: Gathered) -> None:
    boxes = FontFacts(("Thai", "Hindi"), ("some_fonts",))
    is_mendable(checks.fonts(with_host(healthy, fonts=boxes)), Status.WARN, "Thai, Hindi (some_fonts")


@pytest.mark.parametrize(("limit", "status"), [(256, Status.WARN), (-1, Status.OK), (None, Status.OK)])
def test_open_files(healthy: Gathered, limit: int | None, status: Status) -> None:
    assert checks.open_files(with_host(healthy, open_files=limit)).status is status


@pytest.mark.parametrize(
    ("discord", "said"),
    [(TokenRefused(), "does not know"), (DiscordUnreachable("no connection (X)"), "no connection")],
)
def test_a_token_that_does_not_work(healthy: Gathered, discord: Exception, said: str) -> None:
    gathered = with_set_up(healthy, discord=discord)
    is_mendable(checks.token(gathered), Status.FAIL, said)
    assert checks.servers(gathered).status is Status.SKIPPED


@pytest.mark.parametrize(
    ("ahead", "status", "said"),
    [(40.0, Status.WARN, "40 s ahead of"), (-4000.0, Status.FAIL, "4,000 s behind")],
)
def test_clock(healthy: Gathered, ahead: float, status: Status, said: str) -> None:
    is_mendable(checks.clock(with_host(healthy, clock_ahead=ahead)), status, said)


def test_a_clock_that_could_not_be_seen_is_no_fault(healthy: Gathered) -> None:
    unseen = with_host(healthy, clock_ahead=DiscordUnreachable("no connection"))
    assert checks.clock(unseen).status is Status.SKIPPED


def test_intents_that_are_off(healthy: Gathered) -> None:
    off = with_set_up(healthy, discord=DiscordFacts(Application("1", "Stats"), ()))
    is_mendable(checks.members_intent(off), Status.WARN, "number of members")
    assert checks.message_content_intent(off).status is Status.OK
    asked = with_settings(off, message_content=True)
    is_mendable(checks.message_content_intent(asked), Status.FAIL, "SERVERSTATS_MESSAGE_CONTENT")


def test_message_content_that_is_on_for_nothing(healthy: Gathered) -> None:
    on = with_set_up(healthy, discord=DiscordFacts(Application("1", "Stats", flags=1 << 18), ()))
    is_mendable(checks.message_content_intent(on), Status.WARN, "not used")
    assert checks.message_content_intent(with_settings(on, message_content=True)).status is Status.OK


@pytest.mark.parametrize(
    ("allowed", "public", "said"),
    [
        (False, True, "off: `/me` works in servers"),
        (True, False, "for you alone"),
        (True, True, "invite --user"),
    ],
)
def test_installation_on_accounts_is_told_and_no_fault(
    healthy: Gathered, said: str, *, allowed: bool, public: bool
) -> None:
    config = {"0": msgspec.Raw(b"{}"), **({"1": msgspec.Raw(b"{}")} if allowed else {})}
    application = Application("1", "Stats", bot_public=public, integration_types_config=config)
    found = checks.user_install(with_set_up(healthy, discord=DiscordFacts(application, ())))
    assert found.status is Status.OK
    assert said in found.found


def test_a_bot_in_no_server(healthy: Gathered) -> None:
    nowhere = with_set_up(healthy, discord=DiscordFacts(Application("1", "Stats"), ()))
    is_mendable(checks.servers(nowhere), Status.WARN, "in none")
    assert "serverstats invite" in checks.servers(nowhere).mend


def test_missing_permissions_are_named_by_server(healthy: Gathered) -> None:
    lacking = str(int(ALL) & ~(1 << 15) & ~(1 << 16))
    guilds = (
        Guild("1", "Good", ALL),
        Guild("2", "Administered", str(ADMINISTRATOR)),
        *(Guild(str(at), f"Poor {at}", lacking) for at in range(3, 10)),
    )
    found = checks.servers(with_set_up(healthy, discord=DiscordFacts(Application("1", "Stats"), guilds)))
    is_mendable(found, Status.WARN, "in 9; permissions are missing in 7:")
    assert "Poor 3: no Read Message History, Attach Files" in found.found
    assert "Good" not in found.found
    assert "Administered" not in found.found
    assert found.found.endswith("...")


def test_the_intents_say_from_when_on_discord_reviews_them(healthy: Gathered) -> None:
    off = with_set_up(healthy, discord=DiscordFacts(Application("1", "Stats"), ()))
    assert "10,000 users" in checks.members_intent(off).mend
    assert "100 servers" not in checks.members_intent(off).mend
