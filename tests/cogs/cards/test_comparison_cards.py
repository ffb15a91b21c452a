"""Discord takes the cards and tables of comparisons and of filtered views, whatever names and numbers are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from analytics.charts.spec import ComparisonSpec, RankingSpec, Theme
from bot.exports.csv_files import csv_files
from bot.exports.json_file import json_file
from bot.views.activity.messages import VIEW as MESSAGES_VIEW
from bot.views.analyze import channels, member_median, periods, roles, servers
from bot.views.analyze.comparing import Words, comparison_chart
from bot.views.naming import named
from bot.views.overview import board as overview_board
from bot.wording.format import bare
from cogs.cards.board import board_card, table_card
from schemas.results.activity import RoleActivity
from schemas.results.board import Board, Head, Measure, Ranked, Ranking, Subject, SubjectKind
from schemas.results.comparison import Compared, Comparison, PeriodFigure, TwoPeriods
from schemas.results.curve import Curve, Total
from tests.cogs.cards.names import names
from tests.cogs.cards.test_members_cards import AROUND, STARTS, heads
from tests.cogs.cards.test_overview_card import ORDINARY, assert_discord_takes

amounts = st.none() | st.floats(0, 1e12)
ids = st.integers(1, 2**64 - 1)
measures = st.sampled_from(Measure)
totals = st.builds(Total, amounts, amounts)
curves = st.lists(amounts, min_size=30, max_size=30).map(lambda drawn: Curve("day", STARTS, tuple(drawn)))
filters = st.lists(
    st.builds(Subject, st.sampled_from([SubjectKind.CHANNEL, SubjectKind.ROLE]), ids), max_size=8
).map(tuple)
filtered = st.builds(lambda head, only: replace(head, filters=only), heads, filters)


def compared(subjects: tuple[Subject, ...], rows: int) -> st.SearchStrategy[tuple[Compared, ...]]:
    values = st.lists(amounts, min_size=len(subjects), max_size=len(subjects)).map(tuple)
    row = st.builds(
        Compared, st.sampled_from(["Messages", "Median of those who did any"]), measures, values, values
    )
    return st.lists(row, min_size=1, max_size=rows).map(tuple)


def comparisons(kind: SubjectKind) -> st.SearchStrategy[Comparison]:
    subject = st.builds(Subject, st.just(kind), ids, st.none() | names)
    several = st.lists(subject, max_size=4, unique_by=lambda each: each.id).map(tuple)
    return several.flatmap(
        lambda subjects: st.builds(
            Comparison,
            head=heads,
            metric=st.just("messages"),
            subjects=st.just(subjects),
            rows=compared(subjects, 5),
            notes=st.just((str(roles.TODAY), str(member_median.OF_WHOM))),
        )
    )


boards = st.one_of(
    comparisons(SubjectKind.CHANNEL).map(channels.VIEWS[0].board),
    comparisons(SubjectKind.ROLE).map(roles.VIEWS[1].board),
    comparisons(SubjectKind.TEXT).map(member_median.VIEWS[0].board),
    comparisons(SubjectKind.SERVER).map(servers.VIEWS[1].board),
    st.builds(
        TwoPeriods,
        head=heads,
        metric=st.just("messages"),
        figures=st.lists(
            st.builds(PeriodFigure, st.just("Messages"), measures, totals), min_size=1, max_size=6
        ).map(tuple),
        curve=st.none() | curves,
        so_far=st.none() | curves,
    ).map(periods.VIEWS[1].board),
    st.builds(
        RoleActivity,
        head=filtered,
        total=totals,
        members=totals,
        curve=curves,
        roles=st.none()
        | st.lists(
            st.builds(Ranked, st.builds(Subject, st.just(SubjectKind.ROLE), ids), st.floats(0, 1e12)),
            min_size=2,
            max_size=8,
        ).map(lambda rows: Ranking(title="Messages by role", rows=tuple(rows))),
    ).map(MESSAGES_VIEW.board),
)


@settings(max_examples=80, deadline=None)
@given(boards, st.lists(names, max_size=8), st.integers(0, 20))
def test_discord_takes_every_card_and_every_page(board: Board, called: list[str], page: int) -> None:
    labels = dict(zip([each.id for each in board.head.filters], called, strict=False))
    shown = named(board, {}, labels)
    card = board_card(shown, AROUND)
    assert_discord_takes(card)
    assert len(card.embed.fields) == len(shown.figures) + len(shown.rankings)
    assert_discord_takes(table_card(shown, AROUND, page))


@settings(max_examples=40, deadline=None)
@given(heads, st.lists(names, min_size=4, max_size=4), amounts, st.integers(0, 20))
def test_discord_takes_four_servers_in_all_metrics_whatever_they_are_called(
    head: Head, called: list[str], amount: float | None, page: int
) -> None:
    subjects = tuple(Subject(SubjectKind.SERVER, 2**64 - 1 - at, name) for at, name in enumerate(called))
    row = Compared("Active members per 100 members", Measure.MINUTES, (amount,) * 4, (amount,) * 4)
    bare_names = ", ".join(bare(name, 32) for name in called)
    notes = tuple(f"Unknown of these: {bare_names}" for _ in range(6))
    result = Comparison(head=head, metric="all", subjects=subjects, rows=(row,) * 13, notes=notes)
    board = servers.VIEWS[0].board(result)
    assert_discord_takes(board_card(board, AROUND))
    assert_discord_takes(table_card(board, AROUND, page))
    assert servers.VIEWS[0].chart(result, Theme.DARK) is not None


@settings(deadline=None)
@given(comparisons(SubjectKind.CHANNEL))
def test_every_comparison_can_be_drawn_or_says_that_there_is_nothing(result: Comparison) -> None:
    board = channels.VIEWS[0].board(result)
    chart = comparison_chart(Words("messages", "No messages"), board, Theme.DARK)
    assert isinstance(chart, ComparisonSpec | RankingSpec)
    known = {row.subject for ranking in board.rankings for row in ranking.rows}
    assert isinstance(chart, ComparisonSpec) == (len(known) >= 2)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((30.0, 10.0), "pier: 3 times as many messages as quay"),
        ((11.0, 10.0), "pier: 10% more messages than quay"),
        ((10.0, 10.0), "pier and quay have the same number of messages"),
        ((10.0, 0.0), "pier alone, no messages of the others"),
        ((0.0, 0.0), "No messages"),
        ((None, None), "Not known of this period: messages"),
        ((None, 7.0), "Messages of quay: 7"),
    ],
)
def test_the_title_says_what_was_found(values: tuple[float | None, ...], said: str) -> None:
    pier, quay = (Subject(SubjectKind.CHANNEL, at, name) for at, name in enumerate(("pier", "quay"), 1))
    board = Board(
        kind="compare/channels/messages",
        title="",
        head=overview_board(ORDINARY).head,
        rankings=(
            Ranking(
                title="Messages",
                rows=tuple(
                    Ranked(subject, value)
                    for subject, value in zip((pier, quay), values, strict=True)
                    if value is not None
                ),
            ),
        ),
    )
    assert comparison_chart(Words("messages", "No messages"), board, Theme.DARK).title == said


def test_an_export_says_to_what_the_figures_are_restricted() -> None:
    only = (Subject(SubjectKind.CHANNEL, 7), Subject(SubjectKind.ROLE, 8), Subject(SubjectKind.ROLE, 9))
    plain = overview_board(ORDINARY)
    shown = named(replace(plain, head=replace(plain.head, filters=only)), {}, {7: "Harbour", 8: "Crew"})

    about = csv_files(shown)[0].content.decode("utf-8-sig").splitlines()
    assert about[-3:] == [
        "Only channel,Harbour",
        "Only members who have the role now,Crew",
        "Only members who have the role now,a deleted role",
    ]
    assert b'"name": "Harbour"' in json_file(shown).content
