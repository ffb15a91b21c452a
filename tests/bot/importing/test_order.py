import pytest

from bot.importing.order import IdOrder, OrderWatch
from bot.importing.rows import BrokenLine, ChannelRef, ImportedMessage, Position, Row


def messages(channel: int | None, *ids: int | None) -> list[Row]:
    place = ChannelRef(channel, "c")
    return [ImportedMessage(0, place, "a", author_is_id=False, message_id=message_id) for message_id in ids]


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        ([], IdOrder.UNKNOWN),
        (messages(1, 5), IdOrder.UNKNOWN),
        (messages(1, None, None), IdOrder.UNKNOWN),
        (messages(1, 5, 6, 6, 9), IdOrder.ASCENDING),
        ([*messages(1, 5), BrokenLine(2, "x"), *messages(1, 6)], IdOrder.ASCENDING),
        (messages(1, 9, 6, 6, 5), IdOrder.DESCENDING),
        (messages(1, 5, 9, 6), IdOrder.MIXED),
        ([*messages(1, 5), *messages(2, 3), *messages(1, 6), *messages(2, 4)], IdOrder.ASCENDING),
        ([*messages(1, 5, 6), *messages(2, 4, 3)], IdOrder.MIXED),
        (messages(None, 5, 6), IdOrder.ASCENDING),
    ],
)
def test_the_order_of_ids(rows: list[Row], order: IdOrder) -> None:
    watch = OrderWatch()
    watch.watch(rows, [Position(number, 0) for number, _ in enumerate(rows, 1)])
    assert watch.order is order
