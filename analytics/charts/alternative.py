"""The alternative text of a chart, for those who do not see it. Needs no matplotlib."""

from analytics.charts.kinds.registry import KINDS
from analytics.charts.spec import ChartSpec
from analytics.charts.telling import titled
from analytics.charts.wording import ELLIPSIS, clusters

MAX_ALTERNATIVE = 1000
"""UTF-16 units, the strictest way to count: Discord takes 1,024 characters with a file."""


def alternative_text(spec: ChartSpec) -> str:
    """Say in sentences what a chart shows: its kind, finding, place and most telling numbers."""
    told = KINDS[type(spec)].tell(spec)
    sentences = (f"{told.kind}: {titled(spec.title)}", titled(spec.subtitle), "; ".join(told.facts))
    text = " ".join(_sentence(sentence) for sentence in sentences if sentence)
    if _units(text) <= MAX_ALTERNATIVE:
        return text
    kept, taken = [], 0
    for part in clusters(text):
        taken += _units(part)
        if taken >= MAX_ALTERNATIVE:
            break
        kept.append(part)
    return "".join(kept).rstrip() + ELLIPSIS


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _sentence(text: str) -> str:
    return text if text[-1] in ".!?…。" else f"{text}."
