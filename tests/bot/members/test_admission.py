"""Who may be recorded as coming, going and changing: by the member's word, and the time of the join."""

from bot.ingest.activities.members import MemberChanged, MemberJoined, MemberLeft, MembersCompared
from bot.ingest.activity import Activity
from bot.members.admission import admitting
from bot.privacy.consent import snowflake_at
from bot.privacy.consents import Consents
from bot.privacy.gate import Gate
from bot.privacy.pseudonym import Pseudonyms
from bot.privacy.records import Erased, OptedIn, OptedOut

GUILD, ADA, BOB = 7, 0xA, 0xB
T = 1_790_000_000_000
LABEL = (0, 1, 2)


class Door:
    """A gate, and what came through."""

    def __init__(self) -> None:
        self.consents = Consents(Pseudonyms(bytes(32)).seal)
        self.recorded: list[Activity] = []
        self.record = admitting(self.recorded.append, Gate(self.consents))

    def lets(self, activity: Activity) -> bool:
        before = len(self.recorded)
        self.record(activity)
        return len(self.recorded) > before


def joined(at: int, who: int = ADA) -> MemberJoined:
    return MemberJoined(GUILD, who, at, *LABEL, 0)


def left(who: int = ADA) -> MemberLeft:
    return MemberLeft(GUILD, who, T, *LABEL)


def changed(who: int = ADA) -> MemberChanged:
    return MemberChanged(GUILD, who, T, *LABEL, (1,), 0, pending=False)


def test_who_opted_out_neither_comes_nor_goes() -> None:
    door = Door()
    door.consents.note(OptedOut(GUILD, ADA, snowflake_at(T)))
    assert not any(door.lets(each) for each in (joined(T - 1), joined(T + 5), left(), changed()))
    assert all(door.lets(each) for each in (joined(T - 1, BOB), left(BOB), changed(BOB)))
    door.consents.note(OptedIn(GUILD, ADA, snowflake_at(T + 10)))
    assert not door.lets(joined(T + 5)), "who came while opted out never counts as having come then"
    assert all(door.lets(each) for each in (joined(T - 1), joined(T + 11), left(), changed()))


def test_a_join_from_before_an_erasure_never_counts_again() -> None:
    door = Door()
    door.consents.note(Erased(GUILD, ADA, snowflake_at(T)))
    assert not door.lets(joined(T)), "however often the list shows it"
    assert door.lets(joined(T + 1)), "coming back does"
    assert door.lets(left())
    assert door.lets(MembersCompared(GUILD, T, T)), "all else passes"
