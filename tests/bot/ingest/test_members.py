"""Joins and leaves against a model that knows what truly happened, told late, again, or not at all."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ingest.activities.members import JoinSeen, MemberChanged, MemberJoined, MemberLeft, Membership
from bot.ingest.activity import Activity, decode, encode
from bot.ingest.books.members import Away, MemberState, apply
from bot.ingest.delta import Delta
from bot.ingest.fold import fold_into
from schemas.guild_day_names import GuildCount, GuildTally

GUILD = 7
BEGAN = 1_790_000_000_000
STEP = 5_000
PEOPLE = (1, 2, 3)


def day_of(at: int) -> int:
    """Days of a minute, so that a short script has many."""
    return at // 60_000


def joined(member: int, at: int, seen: JoinSeen = JoinSeen.LIVE, **more: object) -> MemberJoined:
    return MemberJoined(GUILD, member, at, 0, day_of(at), 0, seen, **more)  # type: ignore[arg-type]


def left(member: int, at: int, *, found: bool = False, not_before: int = 0) -> MemberLeft:
    return MemberLeft(GUILD, member, at, 0, day_of(at), 0, found, not_before)


def changed(member: int, at: int, *roles: int, boosting: int = 0, pending: bool = False) -> MemberChanged:
    return MemberChanged(GUILD, member, at, 0, day_of(at), 0, roles, boosting, pending)


@dataclass
class Book:
    """The real book and fold."""

    states: dict[int, MemberState] = field(default_factory=dict)
    delta: Delta = field(default_factory=Delta)

    def take(self, *activities: Membership) -> None:
        for each in activities:
            again = decode(encode(each))
            assert again == each
            state = self.states.setdefault(each.member, MemberState())
            for change in apply(state, each):
                fold_into(self.delta, change)

    def counts(self, name: GuildCount) -> dict[int, int]:
        """A count by day."""
        sums = {key[2]: sum(day.counts.get(name, {}).values()) for key, day in self.delta.guild_days.items()}
        return {day: count for day, count in sums.items() if count}

    def total(self, name: GuildCount) -> int:
        return sum(self.counts(name).values())


@dataclass
class Truth:
    """What happens on Discord, what it sends, and what has to be counted in the end."""

    now: int = BEGAN
    skew: int = 0
    there: dict[int, int] = field(default_factory=dict)
    known: dict[int, int | None] = field(default_factory=dict)
    sent: list[Membership] = field(default_factory=list)
    joins: Counter[int] = field(default_factory=Counter)
    leaves: Counter[int] = field(default_factory=Counter)
    rejoins: int = 0
    found: int = 0
    stays: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """By member the joins of the stays that ended."""

    def tick(self) -> None:
        self.now += STEP

    def move(self, member: int, *, told: bool) -> None:
        """Somebody comes, or goes."""
        self.tick()
        if member in self.there:
            del self.there[member]
            if told:
                self.sent.append(left(member, self.now + self.skew))
                self.leaves[day_of(self.now + self.skew)] += 1
                self.stays[member].append(self.known.get(member) or 0)
                self.known[member] = None
        else:
            self.there[member] = self.now
            if told:
                self.sent.append(joined(member, self.now))
                self.see_join(member)

    def see_join(self, member: int) -> None:
        self.joins[day_of(self.there[member])] += 1
        self.rejoins += member in self.known
        self.known[member] = self.there[member]

    def compare(self) -> list[Membership]:
        """What a comparison of the lists tells."""
        self.tick()
        told: list[Membership] = []
        for member, at in self.there.items():
            before = self.known.get(member)
            if before == at:
                continue
            told.append(joined(member, at, JoinSeen.FOUND))
            if before is not None:
                self.leaves[day_of(at)] += 1
                self.stays[member].append(before)
                self.found += 1
            self.see_join(member)
        for member, known in self.known.items():
            if known is not None and member not in self.there:
                told.append(left(member, self.now + self.skew, found=True, not_before=self.now - 1))
                self.leaves[day_of(self.now + self.skew)] += 1
                self.found += 1
                self.stays[member].append(known)
                self.known[member] = None
        return told


steps = st.lists(
    st.one_of(
        st.tuples(st.just("live"), st.sampled_from(PEOPLE)),
        st.tuples(st.just("live"), st.just(PEOPLE[0])),
        st.tuples(st.just("wait"), st.sampled_from([1_000, 60_000, 180_000])),
        st.tuples(st.just("again"), st.integers(1, 6)),
        st.tuples(st.just("away"), st.lists(st.sampled_from(PEOPLE), max_size=5)),
    ),
    max_size=30,
)


@settings(max_examples=400, deadline=None)
@given(steps, st.sampled_from([0, 60_000, -60_000]))
def test_whatever_is_told_again_late_or_not_at_all_counts_once(
    script: list[tuple[str, int | list[int]]], skew: int
) -> None:
    book, truth = Book(), Truth(skew=skew)
    for kind, what in script:
        if isinstance(what, list):  # nobody hears of these
            for member in what:
                truth.move(member, told=False)
            truth.sent.clear()
            book.take(*truth.compare())
        elif kind == "wait":
            truth.now += what
        elif kind == "live":
            truth.move(what, told=True)
            book.take(truth.sent[-1])
        else:
            book.take(*truth.sent[-what:])
    assert book.counts(GuildCount.JOINS) == truth.joins
    assert book.counts(GuildCount.LEAVES) == truth.leaves
    assert book.total(GuildCount.REJOINS) == truth.rejoins
    assert book.total(GuildCount.LEAVES_FOUND) == truth.found
    for member, at in truth.known.items():
        state = book.states[member]
        assert (state.present, state.away) == (at is not None, at is None)
        assert state.joined == at or at is None
        assert [each.joined for each in state.absences] == truth.stays[member]
        for absence in state.absences[: None if at else -1]:
            assert 0 < absence.not_before <= absence.since <= absence.until or not absence.not_before
            assert absence.since <= absence.until
        assert [each.until == 0 for each in state.absences] == [
            at is None and each is state.absences[-1] for each in state.absences
        ]


def test_survivors_are_remembered_and_do_not_count() -> None:
    book = Book()
    book.take(joined(1, BEGAN, JoinSeen.SURVIVOR, roles=(5,)), joined(1, BEGAN, JoinSeen.SURVIVOR))
    assert book.states[1].present
    assert book.delta.guild_days == {}
    book.take(left(1, BEGAN + STEP))
    book.take(joined(1, BEGAN + 2 * STEP, JoinSeen.SURVIVOR))
    assert (book.total(GuildCount.JOINS), book.total(GuildCount.REJOINS)) == (1, 1)
    assert book.states[1].absences == [Away(BEGAN + STEP, BEGAN + 2 * STEP, 0, BEGAN)]


def test_who_is_first_heard_of_when_leaving_counts_as_a_leave() -> None:
    book = Book()
    book.take(left(1, BEGAN), left(1, BEGAN + STEP))
    assert book.total(GuildCount.LEAVES) == 1
    book.take(changed(1, BEGAN, 5))
    assert book.delta.guild_days[GUILD, 0, day_of(BEGAN)].tallies == {}


def test_roles_boosts_and_screening_count_when_they_change() -> None:
    book = Book()
    book.take(
        joined(1, BEGAN, pending=True, roles=(9,)),
        changed(1, BEGAN, 5, 9, pending=True),
        changed(1, BEGAN, 5, 9, pending=True),
        changed(1, BEGAN, 5, boosting=BEGAN),
        changed(1, BEGAN, 6, boosting=BEGAN),
    )
    day = book.delta.guild_days[GUILD, 0, day_of(BEGAN)]
    assert day.tallies == {GuildTally.ROLES_GIVEN: {5: 1, 6: 1}, GuildTally.ROLES_TAKEN: {9: 1, 5: 1}}
    assert (book.total(GuildCount.BOOSTS_BEGUN), book.total(GuildCount.BOOSTS_ENDED)) == (1, 0)
    assert book.total(GuildCount.SCREENINGS_PASSED) == 1
    book.take(left(1, BEGAN + STEP))
    assert book.total(GuildCount.BOOSTS_ENDED) == 1
    book.take(joined(1, BEGAN, boosting=BEGAN))  # the leave was an old one
    assert (book.total(GuildCount.BOOSTS_ENDED), book.total(GuildCount.LEAVES)) == (0, 0)
    book.take(changed(1, BEGAN))
    assert book.total(GuildCount.BOOSTS_ENDED) == 1


def test_every_kind_of_membership_can_be_read_back() -> None:
    activities: list[Activity] = [joined(1, BEGAN, roles=(3, 4)), left(1, BEGAN), changed(1, BEGAN, 3)]
    assert [decode(encode(each)) for each in activities] == activities
