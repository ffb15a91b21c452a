"""Cards of the views of activity and channels: Discord takes them whatever the names and numbers are."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.views.activity import reactions
from bot.views.channels import answers, peaks, usage
from bot.views.tops import top, top_channels
from cogs.cards.board import board_card, table_card
from cogs.cards.card import Surroundings
from schemas.results.activity import ReactionActivity
from schemas.results.board import Board, Subject, SubjectKind
from schemas.results.channels import Answers, ChannelPeak, ChannelPeaks, ChannelUsage, Spread
from schemas.results.curve import Curve, Total
from tests.cogs.cards.names import names
from tests.cogs.cards.test_overview_card import assert_discord_takes
from tests.support.heads import head_of_days

START, STOP = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 31, tzinfo=UTC)
AROUND = Surroundings(now=STOP, channels=frozenset({1}), icon_url=None, picture="x.png")
HEAD = head_of_days(START, 30, running=True)
AMOUNTS = st.dictionaries(st.integers(1, 2**64 - 1), st.integers(1, 10**12), max_size=30)
NAMES = st.lists(names, min_size=1, max_size=30)


def assert_shown(board: Board) -> None:
    card = board_card(board, AROUND)
    assert_discord_takes(card)
    for page in range(table_card(board, AROUND, 0).pages):
        assert_discord_takes(table_card(board, AROUND, page))


def by_name(amounts: dict[int, int], known: list[str]) -> dict[int, str]:
    return dict(zip(amounts, known, strict=False))


@given(AMOUNTS, AMOUNTS, NAMES)
def test_channel_usage(now: dict[int, int], before: dict[int, int], known: list[str]) -> None:
    ranking = top_channels("Messages by channel", now, before, by_name(now, known))
    total = Total(sum(now.values()), sum(before.values()))
    assert_shown(usage.board(ChannelUsage(head=HEAD, total=total, active=Total(1), channels=ranking)))


@given(AMOUNTS, NAMES)
def test_peaks(amounts: dict[int, int], known: list[str]) -> None:
    called = by_name(amounts, known)
    rows = [ChannelPeak(each, called.get(each), 3, 23, float(n)) for each, n in amounts.items()]
    assert_shown(peaks.board(ChannelPeaks(head=HEAD, channels=tuple(rows[:10]))))


@given(AMOUNTS, NAMES)
def test_reactions(amounts: dict[int, int], known: list[str]) -> None:
    def emoji(each: int) -> Subject:
        return Subject(SubjectKind.EMOJI, each)

    result = ReactionActivity(
        head=HEAD,
        total=Total(sum(amounts.values())),
        curve=Curve("day", (START,), (None,)),
        with_reactions=Total(None),
        channels=top_channels("Top channels", amounts, None, by_name(amounts, known)),
        emoji=top("Top emoji", amounts, None, emoji),
    )
    assert_shown(reactions.board(result))


@given(st.lists(st.floats(0, 10**9), min_size=3, max_size=3))
def test_answers(waits: list[float]) -> None:
    low, median, high = sorted(waits)
    both = Spread(10**9, low, median, high)
    result = Answers(
        head=HEAD,
        threads=Total(10**9, None),
        reply=both,
        solved=both,
        reply_before=Spread(0, None, None, None),
        solved_before=both,
        edges=(),
        counts=(),
        capped=True,
    )
    assert_shown(answers.board(result))


def test_a_custom_emoji_is_shown_as_itself() -> None:
    ranking = top("Top emoji", {77: 5}, None, lambda each: Subject(SubjectKind.EMOJI, each))
    card = board_card(Board(kind="x", title="Emoji", head=HEAD, rankings=(ranking,)), AROUND)

    assert str(card.embed.fields[0].value).endswith(" <:emoji:77>")
