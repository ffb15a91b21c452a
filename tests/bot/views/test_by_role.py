"""Views restricted to roles, of members whom the real parts have recorded."""

from pathlib import Path

import pytest

from analytics.charts.spec import Theme
from analytics.timeframes import parse_timeframe
from bot.db.database import Driver, Handle
from bot.db.reader import Reader
from bot.db.retention import apply_retention
from bot.ingest.activities.members import JoinSeen, MemberChanged, MemberJoined, MemberLeft, MembersCompared
from bot.ingest.activity import Activity
from bot.views.members import activity as members_activity
from bot.views.refusal import CannotShow
from bot.views.registry import VIEWS
from bot.views.scope import Scope
from schemas.results.board import Board, SubjectKind
from tests.bot.views.counted import (
    GUILD,
    NOW,
    NOW_MS,
    TODAY,
    counted,
    instant,
    lived,
    message,
    reaction,
    voice,
)

CREW, GUESTS, NOBODY, CAPTAINS = 500, 501, 502, 503


def joined(member: int, *roles: int) -> MemberJoined:
    return MemberJoined(
        GUILD, member, instant(15, 0), 0, TODAY - 15, 0, JoinSeen.LIVE, roles, 0, pending=False
    )


MEMBERS: tuple[Activity, ...] = (
    joined(1, CREW),
    joined(2, GUESTS),
    joined(3, CREW, GUESTS),
    joined(4, CREW),
    joined(5),
    joined(6, GUESTS),
    joined(7, CAPTAINS),
    MemberChanged(GUILD, 2, instant(0, 1), 0, TODAY, 1, (CREW,), 0, pending=False),
    MemberChanged(GUILD, 5, instant(0, 1), 0, TODAY, 1, (GUESTS,), 0, pending=False),
    MemberLeft(GUILD, 4, instant(0, 2), 0, TODAY, 2),
    MembersCompared(GUILD, instant(0, 3), instant(15, 0)),
)
"""Now members 1, 2 and 3 are crew, 3, 5 and 6 are guests, 7 is the captain; 4 was crew and has left."""
FOLDED: tuple[Activity, ...] = (
    message(20, 0, member=9),
    message(1, 9, member=1),
    message(1, 10, member=2),
    message(2, 10, member=3),
    message(2, 11, member=4),
    message(3, 11, member=5),
    message(8, 9, member=1),
    voice(2, 9, 30),
    voice(9, 9, 15),
)


def by_role(*roles: int, timeframe: str = "7d") -> Scope:
    return Scope(GUILD, parse_timeframe(timeframe, NOW.date()), NOW_MS, roles=roles)


def values(board: Board) -> dict[str, tuple[float | None, float | None]]:
    return {figure.title: (figure.value, figure.previous) for figure in board.figures}


async def shown(db: Handle, kind: str, scope: Scope) -> Board:
    view = VIEWS[kind]
    result = await view.load(Reader(db), scope)
    assert view.chart(result, Theme.DARK) is not None
    return view.board(result)


@pytest.mark.parametrize("packed", ["packed", "unpacked"])
async def test_activity_of_those_who_have_a_role_now(
    driver: Driver, db: Handle, tmp_path: Path, packed: str
) -> None:
    await counted(driver, db, *FOLDED, pack=packed == "packed")
    await lived(driver, db, tmp_path, *MEMBERS, reaction(2, 3, "👍"), reaction(2, 4, "👍"))

    messages = await shown(db, "activity/messages", by_role(CREW))
    assert values(messages) == {"Messages": (3, 1), "Members who wrote": (3, 1)}
    assert messages.series[0].values == (0, 0, 0, 0, 1, 2, 0)
    assert [each.id for each in messages.head.filters] == [CREW]
    in_voice = await shown(db, "activity/voice", by_role(CREW))
    assert values(in_voice) == {"Time in voice": (30, 15), "Members in voice": (1, 1)}
    reacted = await shown(db, "activity/reactions", by_role(CREW, timeframe="24h"))
    assert values(reacted)["Reactions given"][0] == 0
    reacted = await shown(db, "activity/reactions", by_role(CREW))
    assert values(reacted)["Reactions given"] == (2, 0)
    nobody = await shown(db, "activity/messages", by_role(NOBODY))
    assert values(nobody) == {"Messages": (0, 0), "Members who wrote": (0, 0)}


async def test_of_several_roles_each_counts_and_nobody_twice_in_the_sum(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    await counted(driver, db, *FOLDED)
    await lived(driver, db, tmp_path, *MEMBERS)

    board = await shown(db, "activity/messages", by_role(CREW, GUESTS))

    assert values(board)["Messages"] == (4, 1)
    (ranking,) = board.rankings
    assert [(row.subject.kind, row.subject.id, row.value, row.previous) for row in ranking.rows] == [
        (SubjectKind.ROLE, CREW, 3, 1),
        (SubjectKind.ROLE, GUESTS, 2, 0),
    ]
    ranked = await shown(db, "leaderboard/messages", by_role(GUESTS))
    assert [(row.subject.id, row.value) for row in ranked.rankings[0].rows] == [(3, 1), (5, 1)]
    assert values(ranked)["Messages"] == (2, 0)
    active = members_activity.board(await members_activity.load(Reader(db), by_role(CREW)))
    assert values(active)["Active members"] == (3, 1)
    assert active.figures[0].of == 3
    assert values(active)["Inactive members"][0] == 0
    assert values(active)["In voice"] == (1, 1)


async def test_without_a_member_list_nobody_knows_who_has_a_role(driver: Driver, db: Handle) -> None:
    await counted(driver, db, *FOLDED)
    await db.memberRosters.delete_many({})

    assert await Reader(db).role_holders(GUILD, [CREW]) is None
    for kind in ("activity/messages", "leaderboard/voice", "members/activity"):
        with pytest.raises(CannotShow, match="Server Members Intent"):
            await VIEWS[kind].load(Reader(db), by_role(CREW))


async def test_a_role_is_no_way_around_the_audit_log(driver: Driver, db: Handle, tmp_path: Path) -> None:
    await counted(driver, db, *FOLDED)
    await lived(driver, db, tmp_path, *MEMBERS)

    for kind in ("activity/messages", "members/activity", "compare/roles/messages"):
        with pytest.raises(CannotShow, match="single members"):
            await VIEWS[kind].load(Reader(db), by_role(CREW, CAPTAINS))
    ranked = await shown(db, "leaderboard/messages", by_role(CAPTAINS))
    assert ranked.rankings[0].rows == (), "who is named there anyway"


async def test_who_has_a_role_is_read_from_the_index_alone(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    await lived(driver, db, tmp_path, *MEMBERS)

    found = await Reader(db).role_holders(GUILD, [CREW, GUESTS, NOBODY])
    assert found is not None
    here = {role: who.tolist() for role, who in found.items()}
    assert here == {CREW: [1, 2, 3], GUESTS: [3, 5, 6], NOBODY: []}
    asked = db.memberActivityStats.find(
        {"guildId": str(GUILD), "standing.roles": str(CREW)}, {"_id": 0, "userId": 1}
    )
    stats = (await asked.explain())["executionStats"]
    assert (stats["totalKeysExamined"], stats["totalDocsExamined"]) == (3, 0)


async def test_what_members_did_and_is_kept_no_longer_is_unknown(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    await counted(driver, db, *FOLDED)
    await lived(driver, db, tmp_path, *MEMBERS)
    await db.memberDays.delete_many({})
    await db.memberPacks.delete_many({})
    await apply_retention(db, {"members": 3})

    board = await shown(db, "activity/messages", by_role(CREW))

    assert values(board)["Messages"] == (None, None)
    assert "not kept for all of this period" in board.notes[0]
