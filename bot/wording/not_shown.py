"""What is said of channels that are left out, since not all readers may see them."""

from bot.wording import format as fmt
from schemas.results.board import NotShown
from texts import LazyText, tr_n

NONE_SHOWN = LazyText("No channel of these is shown here, as not everybody sees them who reads this")


def left_out(channels: NotShown, whole: float | None = None) -> str:
    """How many they are, and their share of the ``whole``, if there is one."""
    said = tr_n("{count} channel not shown", "{count} channels not shown", channels.channels)
    if not whole or channels.value is None:
        return said
    return f"{said}: {fmt.percent(channels.value, whole)}"


def noted(channels: NotShown | None, whole: float | None = None) -> tuple[str, ...]:
    """The same as a board's note; none where all are shown."""
    return () if channels is None else (f"{left_out(channels, whole)}.",)


def beside_not_shown(subtitle: str, channels: NotShown | None, whole: float | None = None) -> str:
    """A chart's subtitle, with what its bars leave out."""
    return subtitle if channels is None else f"{subtitle} \N{MIDDLE DOT} {left_out(channels, whole)}"


def none_shown(channels: NotShown | None, nothing: str) -> str:
    """Title of a chart without rows: there is ``nothing``, or nothing that may be shown."""
    return nothing if channels is None else str(NONE_SHOWN)
