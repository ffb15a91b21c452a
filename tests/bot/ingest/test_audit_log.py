"""The audit log against a model that knows what happened: told live or not, twice, late, read at any time."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.claims import ALL_SERVERS
from bot.db import leases
from bot.db.database import Driver, Handle
from bot.db.recording import MongoStore
from bot.ingest.activities.moderation import AuditLog, AuditLogRead, Moderated, ModerationAction
from bot.ingest.activity import decode, encode
from bot.ingest.books.audit_log import KEPT_MS, LATE_MS, AuditLogState, Gap, TimeoutExpired, apply
from bot.ingest.delta import Delta
from bot.ingest.fold import fold_into
from bot.ingest.journal import Journal
from bot.ingest.recorder import Recorder
from bot.ingest.sessions import GatewaySessions
from bot.ingest.snowflakes import id_at
from tests.support.consents import silent_nobody

GUILD = 7
START = 1_790_000_000_000
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
PAGE = 3
MODERATORS = (11, 12, 0)


def entry(
    number: int, at: int, action: ModerationAction, *, target: int = 0, lasts: int = 0, moderator: int = 11
) -> Moderated:
    until = at + lasts if lasts else 0
    return Moderated(
        guild=GUILD,
        id=id_at(at) + number,
        action=action,
        moderator=moderator,
        at=at,
        zone=0,
        day=at // DAY_MS,
        hour=at % DAY_MS // HOUR_MS,
        number=number if action in {ModerationAction.PURGE, ModerationAction.PRUNE} else 0,
        target=target,
        until=until,
        until_day=until // DAY_MS,
        until_hour=until % DAY_MS // HOUR_MS,
    )


@dataclass
class Played:
    """What the book made of a story."""

    state: AuditLogState = field(default_factory=AuditLogState)
    delta: Delta = field(default_factory=Delta)

    def tell(self, told: AuditLog) -> None:
        again = decode(encode(told))
        assert again == told
        for change in apply(self.state, told):
            fold_into(self.delta, change)

    def read(self, log: list[Moderated], at: int) -> None:
        """Read the log as the reader does, a page at a time."""
        after = self.state.floor
        while True:
            page = sorted((each for each in log if each.id > after), key=lambda each: each.id)[:PAGE]
            for each in page:
                self.tell(each)
            after = page[-1].id if page else after
            last = len(page) < PAGE
            self.tell(AuditLogRead(GUILD, after, at if last else page[-1].at, at))
            if last:
                return

    @property
    def counts(self) -> Counter[tuple[str, int, int]]:
        return Counter(
            {
                (str(name), key[2], hour): count
                for key, day in self.delta.guild_days.items()
                for name, hours in day.counts.items()
                for hour, count in hours.items()
            }
        )


def expired(log: list[Moderated]) -> Counter[tuple[str, int, int]]:
    """Walk through each member's timeouts and see which came to their end."""
    found: Counter[tuple[str, int, int]] = Counter()
    for target in {each.target for each in log if each.target}:
        running: Moderated | None = None
        for each in [*(one for one in log if one.target == target), None]:
            if running is not None and (each is None or each.at >= running.until):
                found["timeoutsExpired", running.until_day, running.until_hour] += 1
            running = each if each is not None and each.until else None
    return found


ACTIONS = {
    ModerationAction.KICK: "kicks",
    ModerationAction.PURGE: "purges",
    ModerationAction.TIMEOUT: "timeouts",
    ModerationAction.TIMEOUT_LIFTED: "timeoutsLifted",
    ModerationAction.AUTOMOD_BLOCKED: "automodBlocked",
}
happening = st.tuples(
    st.integers(1, 40 * 60_000),  # ms since the one before
    st.sampled_from(list(ACTIONS)),
    st.integers(21, 22),
    st.sampled_from([60_000, 10 * 60_000, HOUR_MS, 3 * HOUR_MS]),
    st.sampled_from(MODERATORS),
    st.sampled_from(["told", "told twice", "missed", "told late"]),
    st.booleans(),  # whether the log is read after it
)


@settings(max_examples=300, deadline=None)
@given(st.lists(happening, max_size=25))
def test_each_entry_counts_once_and_timeouts_that_nobody_ended_ran_out(
    story: list[tuple[int, ModerationAction, int, int, int, str, bool]],
) -> None:
    played, log, late, now = Played(), [], list[Moderated](), START
    for number, (pause, action, target, lasts, moderator, how, reads) in enumerate(story, start=1):
        now += pause
        timed = action in {ModerationAction.TIMEOUT, ModerationAction.TIMEOUT_LIFTED}
        each = entry(
            number,
            now,
            action,
            target=target if timed else 0,
            lasts=lasts if action is ModerationAction.TIMEOUT else 0,
            moderator=moderator,
        )
        log.append(each)
        for _ in range({"told": 1, "told twice": 2}.get(how, 0)):
            played.tell(each)
        if reads:
            played.read(log, now)
        for one in late:
            played.tell(one)
        late = [each] if how == "told late" else []
    played.read(log, now + DAY_MS)
    played.read(log, now + 2 * DAY_MS)

    expected = Counter((ACTIONS[ModerationAction(e.action)], e.day, e.hour) for e in log) + expired(log)
    for each in log:
        if each.action == ModerationAction.PURGE:
            expected["purgedMessages", each.day, each.hour] += each.number
    assert played.counts == expected
    by_moderator = Counter(
        (key[2], key[3], name)
        for key, counts in played.delta.moderation_days.items()
        for name, count in counts.items()
        for _ in range(count if name != "purgedMessages" else 0)
    )
    assert by_moderator == Counter(
        (e.day, e.moderator, ACTIONS[ModerationAction(e.action)]) for e in log if e.moderator
    )
    assert not played.state.timeouts
    assert all(one > played.state.floor for one in played.state.recent)


def test_what_appears_in_the_log_a_little_late_is_found() -> None:
    played = Played()
    first = entry(1, START, ModerationAction.KICK)
    late = entry(2, START - LATE_MS // 2, ModerationAction.BAN)
    played.read([first], START + 1)
    played.read([late, first], START + HOUR_MS)
    assert {name: count for (name, _, _), count in played.counts.items()} == {"kicks": 1, "bans": 1}


def test_what_discord_has_forgotten_is_a_gap_and_not_zero() -> None:
    played = Played()
    played.read([], START)
    assert (played.state.since, played.state.settled) == (START - KEPT_MS, START)
    played.tell(entry(1, START + 1, ModerationAction.TIMEOUT, target=21, lasts=HOUR_MS))
    back = START + KEPT_MS + DAY_MS
    played.read([], back)
    assert played.state.gaps == [Gap(START, START + DAY_MS)]
    assert not any(name == "timeoutsExpired" for name, _, _ in played.counts), "it may have been lifted"
    played.read([], back + HOUR_MS)
    assert len(played.state.gaps) == 1


def test_a_timeout_is_not_decided_before_its_time() -> None:
    state = AuditLogState()
    timeout = entry(1, START, ModerationAction.TIMEOUT, target=21, lasts=HOUR_MS)
    list(apply(state, timeout))
    for at in (START + HOUR_MS, START + HOUR_MS + LATE_MS - 1):
        assert list(apply(state, AuditLogRead(GUILD, timeout.id, at, at))) == []
    done = START + HOUR_MS + LATE_MS
    ran_out = list(apply(state, AuditLogRead(GUILD, timeout.id, done, done)))
    assert ran_out == [TimeoutExpired(GUILD, 0, timeout.until_day, timeout.until_hour)]


async def test_batches_restarts_and_lost_answers_change_nothing(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    timeout = entry(1, START, ModerationAction.TIMEOUT, target=21, lasts=HOUR_MS)
    purge = entry(5, START + 1_000, ModerationAction.PURGE)
    lifted = entry(6, START + 2_000, ModerationAction.TIMEOUT_LIFTED, target=22)
    script: list[AuditLog] = [
        timeout,
        timeout,
        AuditLogRead(GUILD, timeout.id, START, START),
        purge,
        timeout,
        AuditLogRead(GUILD, purge.id, START + HOUR_MS, START + HOUR_MS),
        lifted,
        purge,
        AuditLogRead(GUILD, lifted.id, START + DAY_MS, START + DAY_MS),
        purge,
    ]
    for number, each in enumerate(script):
        lease = await leases.acquire(db, ALL_SERVERS, "me")
        store = MongoStore(driver, db, lease)
        recorder = Recorder(Journal(tmp_path / "journal"), store, GatewaySessions(), silent_nobody())
        recorder.record(each)
        if number % 3:
            await recorder.flush()  # otherwise the process is killed before
        await store.close()
    lease = await leases.acquire(db, ALL_SERVERS, "me")
    store = MongoStore(driver, db, lease)
    recorder = Recorder(Journal(tmp_path / "journal"), store, GatewaySessions(), silent_nobody())
    await recorder.flush()
    await store.close()
    totals: Counter[str] = Counter()
    async for day in db.guildDays.find():
        for name, hours in day["counts"].items():
            totals[name] += sum(hours.values())
    assert totals == {
        "timeouts": 1,
        "timeoutsExpired": 1,
        "timeoutsLifted": 1,
        "purges": 1,
        "purgedMessages": 5,
    }
    moderator = await db.moderationDays.find_one({"userId": f"{11:016x}"})
    assert moderator is not None
    assert moderator["counts"] == {"timeouts": 1, "purges": 1, "purgedMessages": 5, "timeoutsLifted": 1}
    log = await db.auditLogs.find_one({"_id": str(GUILD)})
    assert log is not None
    assert log["timeouts"] == []
