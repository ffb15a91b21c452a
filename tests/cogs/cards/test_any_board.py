"""Any board as a card: in Discord's limits, names are only names, and unknown is told from zero."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cogs.cards.board import board_card, table_card
from cogs.cards.card import Surroundings
from cogs.cards.table import PAGE_LINES, table_pages
from schemas.results.board import (
    Board,
    Figure,
    Grid,
    Measure,
    Ranked,
    Ranking,
    Series,
    Subject,
    SubjectKind,
)
from tests.cogs.cards.names import names
from tests.cogs.cards.test_overview_card import assert_discord_takes
from tests.support.heads import any_heads, head_of_days

START = datetime(2026, 1, 1, tzinfo=UTC)
HEAD = head_of_days(START, 30)
AROUND = Surroundings(now=START, channels=frozenset({1}), icon_url=None, picture="x.png", members={7: 77})
MENTION = re.compile(r"<(?:@[!&]?|#|a?:\w+:|t:|/|id:)[^<>]*>|@everyone|@here")

numbers = st.one_of(st.none(), st.just(0.0), st.floats(0, 1e12), st.integers(0, 10**12).map(float))
ours = st.text("abcdefghij klmnop", min_size=1, max_size=40).map(lambda text: text.strip() or "x")
measures = st.sampled_from(Measure)
figures = st.builds(
    Figure,
    title=ours,
    value=numbers,
    measure=measures,
    compared=st.booleans(),
    previous=numbers,
    of=st.one_of(st.none(), st.just(0.0), st.floats(1, 1e12)),
    of_what=ours,
    note=ours,
)
subjects = st.one_of(
    st.builds(Subject, st.just(SubjectKind.TEXT), st.just(0), names),
    st.builds(
        Subject,
        st.sampled_from([SubjectKind.CHANNEL, SubjectKind.MEMBER, SubjectKind.ROLE, SubjectKind.EMOJI]),
        st.integers(0, 2**64 - 1),
        st.one_of(st.none(), names),
    ),
)
rows = st.builds(Ranked, subjects, st.floats(0, 1e12), numbers)
rankings = st.builds(
    Ranking,
    title=ours,
    rows=st.lists(rows, max_size=25).map(lambda found: tuple(sorted(found, key=lambda row: -row.value))),
    measure=measures,
    whole=st.one_of(st.none(), st.floats(1e12, 1e14)),
    others=st.integers(0, 10**6),
    others_value=st.floats(0, 1e12),
)
series = st.lists(numbers, max_size=30).map(
    lambda values: Series(
        title="Messages",
        bucket="day",
        starts=tuple(START + timedelta(days=day) for day in range(len(values))),
        values=tuple(values),
    )
)
grids = st.lists(names, max_size=8).map(
    lambda found: Grid(
        title="Weeks", rows=tuple(found), columns=("0", "1"), values=tuple((None, 0.0) for _ in found)
    )
)
heads = any_heads(START, 30, zone="America/Argentina/ComodRivadavia")
boards = st.builds(
    Board,
    kind=st.just("x"),
    title=ours,
    head=heads,
    figures=st.lists(figures, max_size=14).map(tuple),
    rankings=st.lists(rankings, max_size=5).map(tuple),
    series=st.lists(series, max_size=2).map(tuple),
    grids=st.lists(grids, max_size=2).map(tuple),
    notes=st.lists(ours, max_size=6).map(tuple),
)


@given(boards)
def test_discord_takes_any_card_and_nobody_is_mentioned_by_a_name(board: Board) -> None:
    card = board_card(board, AROUND)
    assert_discord_takes(card)
    allowed = {f"<#{1}>", "<@77>"} | {
        mention
        for ranking in board.rankings
        for row in ranking.rows
        for mention in (f"<:emoji:{row.subject.id}>", f"<@&{row.subject.id}>")
    }
    for field in card.embed.fields[len(board.figures[:12]) :]:
        assert set(MENTION.findall(_unescaped(str(field.value)))) <= allowed


def _unescaped(text: str) -> str:
    """What is left when everything behind a backslash is a plain letter."""
    return re.sub(r"\\.", "x", text)


@given(boards, st.integers(0, 300))
def test_discord_takes_any_page_of_a_table(board: Board, page: int) -> None:
    card = table_card(board, AROUND, page)
    assert_discord_takes(card)
    assert str(card.embed.description).count("```") % 2 == 0


@given(boards)
def test_unknown_and_zero_are_told_apart(board: Board) -> None:
    card = board_card(board, AROUND)
    for figure, field in zip(board.figures[:12], card.embed.fields, strict=False):
        first = str(field.value).split("\n")[0]
        assert (first == "**unknown**") == (figure.value is None)
        if figure.value == 0:
            assert first.startswith("**0")


@given(st.lists(rows, min_size=1, max_size=25), st.sampled_from([None, 1e13]))
def test_the_numbers_of_a_list_stand_in_columns(found: list[Ranked], whole: float | None) -> None:
    ranked = tuple(sorted(found, key=lambda row: -row.value))
    board = Board(kind="x", title="X", head=HEAD, rankings=(Ranking(title="Most", rows=ranked, whole=whole),))
    value = str(board_card(board, AROUND).embed.fields[0].value)
    aligned = [line.split("`")[1] for line in value.split("\n") if line.startswith("`")]
    assert len({len(line) for line in aligned}) == 1
    assert len(aligned) == len(ranked) or "more" in value


def test_who_has_left_is_said_to_be_a_former_member() -> None:
    rows = tuple(Ranked(Subject(SubjectKind.MEMBER, each, "Ada"), 5) for each in (7, 8))
    board = Board(kind="x", title="X", head=HEAD, rankings=(Ranking(title="Most", rows=rows),))
    lines = str(board_card(board, AROUND).embed.fields[0].value).split("\n")
    assert lines[0].endswith(" <@77>")
    assert lines[1].endswith(" *a former member*")


def test_scores_have_no_bars_for_they_are_no_part_of_the_first() -> None:
    rows = tuple(
        Ranked(Subject(SubjectKind.TEXT, 0, name), value)
        for name, value in (("bugs", -13.4), ("help", 1.4), ("crew", 10.4))
    )
    ranking = Ranking(title="Lowest mean score", rows=rows, measure=Measure.SCORE)
    board = Board(kind="x", title="x", head=HEAD, rankings=(ranking,))
    assert board_card(board, AROUND).embed.fields[0].value == "`−13.4` bugs\n`  1.4` help\n` 10.4` crew"  # noqa: RUF001


def test_small_tables_share_a_page_and_a_full_one_stands_alone() -> None:
    def ranking(title: str, rows: int) -> Ranking:
        return Ranking(
            title=title, rows=tuple(Ranked(Subject(SubjectKind.TEXT, 0, f"r{n}"), 1) for n in range(rows))
        )

    sizes = (("a", 2), ("b", 2), ("c", 2), ("d", 20), ("e", 2))
    board = Board(kind="x", title="x", head=HEAD, rankings=tuple(ranking(*size) for size in sizes))

    pages = table_pages(board)

    assert [re.findall(r"\*\*(\w)\*\*", page) for page in pages] == [["a", "b", "c"], ["d"], ["e"]]
    assert all(page.count("\n") < PAGE_LINES + 4 for page in pages)
