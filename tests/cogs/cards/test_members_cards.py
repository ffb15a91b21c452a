"""Discord takes the cards and tables of members' views, whatever the names and numbers are."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views.members import activity, categories, engagement, growth, newcomers, retention
from cogs.cards.board import board_card, table_card
from cogs.cards.card import Surroundings
from schemas.results.arrivals import FirstSteps, JoinCohort, MemberRetention, Newcomers, Retained, Returned
from schemas.results.board import Board
from schemas.results.categories import Categories, MemberCategories
from schemas.results.curve import Curve
from schemas.results.growth import Churn, Flow, FlowCurves, MemberGrowth
from schemas.results.members import Evenness, MembersActive, MembersEngaged, Reached, Scores, Took
from tests.cogs.cards.test_overview_card import assert_discord_takes
from tests.support.heads import any_heads

START = datetime(2026, 1, 2, tzinfo=ZoneInfo("Europe/Berlin"))
STARTS = tuple(START + timedelta(days=day) for day in range(30))
AROUND = Surroundings(now=datetime(2026, 1, 31, tzinfo=UTC), channels=(), icon_url=None, picture=None)
counts = st.integers(0, 10**12)
shares = st.none() | st.floats(0, 1)
values = st.lists(st.none() | counts, min_size=30, max_size=30).map(tuple)
curves = values.map(lambda drawn: Curve("day", STARTS, drawn))
heads = any_heads(START, 30)
took = st.none() | st.builds(Took, counts, counts, counts, counts)
churned = st.none() | st.builds(Churn, counts, counts, st.floats(0, 1))
flows = st.none() | st.builds(Flow, counts, counts, counts, counts, counts, counts, churned)
spreads = st.none() | st.builds(Evenness, counts, counts, counts, shares, shares, st.none() | counts)
scores = st.builds(
    Scores, st.lists(counts, min_size=20, max_size=20).map(tuple), *[st.none() | st.floats(0, 100)] * 3
)
steps = st.none() | st.builds(FirstSteps, counts, counts, counts, counts, counts, counts)
cohorts = st.builds(
    JoinCohort,
    st.just("2026-01-05"),
    st.none() | counts,
    st.none() | counts,
    st.lists(st.none() | counts, max_size=16).map(tuple),
)
returned = st.builds(
    Returned, st.sampled_from(Retained), st.just(30), st.just(60), st.none() | counts, st.none() | counts
)
weeks = st.none() | st.builds(
    Categories, **dict.fromkeys(Categories.__struct_fields__[:-1], counts), lurkers=st.none() | counts
)
boards = st.one_of(
    st.builds(
        MembersActive,
        head=heads,
        members=st.none() | counts,
        took=took,
        left=st.none() | counts,
        previous=took,
        reached=st.none() | st.builds(Reached, st.floats(0, 1e12), counts, counts, shares),
        bucket=st.just("day"),
        starts=st.just(STARTS),
        values=values,
    ).map(activity.board),
    st.builds(
        MemberGrowth,
        head=heads,
        members=st.none() | counts,
        members_before=st.none() | counts,
        flow=flows,
        previous=flows,
        curves=st.builds(FlowCurves, **dict.fromkeys(FlowCurves.__struct_fields__, curves)),
    ).map(growth.board),
    st.builds(
        MemberRetention,
        head=heads,
        returned=st.lists(returned, min_size=5, max_size=5).map(tuple),
        unit=st.sampled_from(["week", "month"]),
        cohorts=st.lists(cohorts, min_size=1, max_size=16).map(tuple),
    ).map(retention.board),
    st.builds(
        Newcomers, head=heads, steps=steps, previous=steps, activated=curves, spoke=curves, silent=curves
    ).map(newcomers.board),
    st.builds(
        MembersEngaged,
        head=heads,
        members=st.none() | counts,
        spread=spreads,
        previous=spreads,
        scores=st.none() | scores,
    ).map(engagement.board),
    st.builds(
        MemberCategories,
        head=heads,
        starts=st.just(STARTS),
        weeks=st.lists(weeks, min_size=30, max_size=30).map(tuple),
        partly=st.booleans(),
    ).map(categories.board),
)


@settings(max_examples=60)
@given(boards, st.integers(0, 20))
def test_discord_takes_every_card_and_every_page(board: Board, page: int) -> None:
    card = board_card(board, AROUND)
    assert_discord_takes(card)
    assert len(card.embed.fields) == len(board.figures) + len(board.rankings)
    assert_discord_takes(table_card(board, AROUND, page))
