"""The alternative text of a chart, for those who do not see it. Needs no matplotlib."""

from analytics.charts.kinds.registry import KINDS
from analytics.charts.spec import ChartSpec
from analytics.charts.telling import titled
from analytics.charts.wording import ELLIPSIS, clusters

MAX_ALTERNATIVE = 1000
"""Discord takes 1,024 characters with a file."""


def alternative_text(spec: ChartSpec) -> str:
    """Say in sentences what a chart shows: its kind, finding, place and most telling numbers."""
    told = KINDS[type(spec)].tell(spec)
    sentences = (f"{told.kind}: {titled(spec.title)}", titled(spec.subtitle), "; ".join(told.facts))
    text = " ".join(_sentence(sentence) for sentence in sentences if sentence)
    if len(text) <= MAX_ALTERNATIVE:
        return text
    kept = ""
    for part in clusters(text):
        if len(kept) + len(part) >= MAX_ALTERNATIVE:
            break
        kept += part
    return kept.rstrip() + ELLIPSIS


def _sentence(text: str) -> str:
    return text if text[-1] in ".!?…。" else f"{text}."
