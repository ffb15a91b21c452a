"""Who is there, by pseudonym, against a plain dictionary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.members import present as presence
from bot.members.present import PresentMembers

GUILD = 7
PSEUDONYMS = [*range(1, 9), (1 << 64) - 1]
moves = st.tuples(st.sampled_from(["came", "left"]), st.sampled_from(PSEUDONYMS))
steps = st.lists(st.one_of(moves, st.tuples(st.sampled_from(["begin", "page", "finish"]), st.just(0))))


@given(st.sets(st.sampled_from(PSEUDONYMS)), steps, st.integers(1, 3))
def test_list_and_events_together_tell_who_is_there(
    first: set[int], script: list[tuple[str, int]], most: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(presence, "MOST_RECENT", most)
        members = PresentMembers()
        there = set(first)
        members.begin(GUILD)
        members.add(GUILD, [(each, each - 1) for each in there])
        members.finish(GUILD)
        for what, who in script:
            if what == "came":
                there.add(who)
                members.came(GUILD, who, who - 1)
            elif what == "left":
                there.discard(who)
                members.left(GUILD, who)
            elif what == "begin":
                members.begin(GUILD)
                members.add(GUILD, [(each, each - 1) for each in there])
            elif what == "finish":
                members.finish(GUILD)

            assert members.ids(GUILD, PSEUDONYMS) == {each: each - 1 for each in there}


def test_without_a_list_only_who_was_seen_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "MOST_SEEN", 2)
    members = PresentMembers()
    for user in (1, 2, 3):
        members.saw(GUILD, user, user * 10)

    assert members.ids(GUILD, [10, 20, 30]) == {20: 2, 30: 3}
    assert members.ids(8, [20]) == {}


def test_a_list_is_the_better_word_and_a_server_is_forgotten() -> None:
    members = PresentMembers()
    members.saw(GUILD, 1, 10)
    members.begin(GUILD)
    members.add(GUILD, [(20, 2)])
    assert members.ids(GUILD, [10, 20]) == {10: 1}, "half a list says nothing"
    members.finish(GUILD)
    members.saw(GUILD, 1, 10)
    assert members.ids(GUILD, [10, 20]) == {20: 2}

    members.forget(GUILD)
    assert members.ids(GUILD, [10, 20]) == {}
