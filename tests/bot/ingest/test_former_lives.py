"""Time that a process cut off from the database went on recording, while another had taken its servers."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest.activities.events import EventPresence
from bot.ingest.activities.messages import MessageSent
from bot.ingest.activities.voice import VoiceLevel, VoiceTime
from bot.ingest.former_lives import FormerLives
from bot.ingest.journal import START, Journal, Tenure

EPOCH, AHEAD = 7, 5_000
TAKEN = 1_790_000_000_000


def voice(at: int, ms: int) -> VoiceTime:
    return VoiceTime(1, 2, 2, 3, at, ms, 0, 20_700, 5, 0)


def one_record(folder: Path, tenure: Tenure) -> tuple[FormerLives, Journal]:
    """A former life under a tenure has left a record."""
    former = Journal(folder, segment_bytes=4_096, tenure=tenure)
    former.append(b"x")
    former.close()
    journal = Journal(folder, segment_bytes=4_096, tenure=Tenure(EPOCH + 5))
    return FormerLives(journal, {EPOCH: TAKEN}), journal


@given(at=st.integers(TAKEN - 200_000, TAKEN + 200_000), ms=st.integers(1, 60_000))
def test_time_from_the_takeover_on_is_left_out_to_the_millisecond(
    tmp_path_factory: pytest.TempPathFactory, at: int, ms: int
) -> None:
    former, journal = one_record(tmp_path_factory.mktemp("journal"), Tenure(EPOCH, AHEAD))
    ((_, behind),) = journal.read(START)
    cut = TAKEN - AHEAD  # by the clock of the host that recorded it
    kept = former.adapt(voice(at, ms), behind)
    true = max(0, min(at + ms, cut) - at)
    assert (0 if kept is None else kept.ms) == true
    assert kept is None or kept.at == at
    assert former.left_out == (true < ms)
    present = former.adapt(EventPresence(1, 9, 3, ms, at + ms), behind)
    assert (0 if present is None else present.ms) == true
    journal.close()


def test_other_lives_and_what_has_an_id_count_whole(tmp_path: Path) -> None:
    former, journal = one_record(tmp_path / "cut off", Tenure(EPOCH, 0))
    ((_, behind),) = journal.read(START)
    late = TAKEN + 60_000
    level = VoiceLevel(1, 2, 2, late, 0, 20_700, 5, 4)
    message = MessageSent(1, 2, 0, 0, 3, late << 22, 9, late, 0, 20_700, 5, 0)
    assert former.adapt(level, behind) == level
    assert former.adapt(message, behind) == message
    assert former.adapt(voice(late, 10), behind) is None
    journal.append(b"of this life")
    assert former.adapt(voice(late, 10), journal.end) == voice(late, 10)
    for number, tenure in enumerate((Tenure(EPOCH - 1, 0), Tenure())):
        other, journal = one_record(tmp_path / str(number), tenure)
        ((_, behind),) = journal.read(START)
        assert other.adapt(voice(late, 10), behind) == voice(late, 10)
        assert not other.left_out
