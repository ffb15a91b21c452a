"""Agreements between servers: in force if, and only if, both offers stand, whatever came before."""

from hypothesis import given
from hypothesis import strategies as st

from bot.agreements import Noted, Said, Step, after, in_force, noted

ONE, OTHER = 7, 9
steps = st.lists(
    st.tuples(
        st.sampled_from([(ONE, OTHER), (OTHER, ONE)]), st.booleans(), st.none() | st.integers(1, 5)
    ).map(lambda drawn: Step(*drawn[0], offers=drawn[1], actor=5 if drawn[1] else drawn[2])),
    max_size=12,
)


@given(steps)
def test_it_is_in_force_if_and_only_if_both_offers_stand(taken: list[Step]) -> None:
    standing: frozenset[int] = frozenset()
    said = {ONE: False, OTHER: False}
    told = dict.fromkeys((ONE, OTHER), False)
    for step in taken:
        entries = list(noted(standing, step))
        changes = said[step.by] is not step.offers
        standing = after(standing, step)
        said[step.by] = step.offers

        assert in_force(standing) is (said[ONE] and said[OTHER])
        assert bool(entries) is changes
        own = [entry for entry in entries if entry.said in {Said.OFFERED, Said.TAKEN_BACK, Said.REMOVED}]
        assert [(entry.guild, entry.other, entry.actor) for entry in own] == [
            (step.by, step.other, step.actor)
        ] * changes
        for entry in entries:
            assert entry.guild == step.by or entry.actor is None, "who did it is the own server's affair"
            if entry.said in {Said.BEGAN, Said.ENDED}:
                told[entry.guild] = entry.said is Said.BEGAN
        assert told == dict.fromkeys((ONE, OTHER), in_force(standing))


def test_what_the_audit_logs_say() -> None:
    assert list(noted(frozenset({OTHER}), Step(ONE, OTHER, offers=True, actor=5))) == [
        Noted(ONE, OTHER, Said.OFFERED, 5),
        Noted(ONE, OTHER, Said.BEGAN, 5),
        Noted(OTHER, ONE, Said.BEGAN),
    ]
    assert list(noted(frozenset({ONE, OTHER}), Step(ONE, OTHER, offers=False, actor=None))) == [
        Noted(ONE, OTHER, Said.REMOVED),
        Noted(ONE, OTHER, Said.ENDED),
        Noted(OTHER, ONE, Said.ENDED),
    ]
