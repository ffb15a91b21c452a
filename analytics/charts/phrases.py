"""The words of alternative texts; the defaults are English."""

import msgspec


class Phrases(msgspec.Struct, frozen=True, omit_defaults=True):
    """What kinds of charts are called, and the sentences that tell what they show."""

    bars: str = "Bar chart"
    line: str = "Line chart"
    area: str = "Area chart"
    stacked: str = "Stacked bar chart"
    ranking: str = "Ranking"
    week_hours: str = "Heatmap by weekday and hour"
    calendar: str = "Calendar heatmap"
    cohorts: str = "Cohort table"
    distribution: str = "Histogram"
    comparison: str = "Comparison"
    panels: str = "Overview of several charts"

    period: str = "{label}, {first} to {last}"
    bucket: str = "{label}, {first}"
    extremes: str = "lowest {low} ({low_at}), highest {high} ({high_at})"
    level: str = "{value} throughout"
    total: str = "total {value}"
    total_before: str = "in the period before {value}"
    latest: str = "latest {value}"
    latest_before: str = "{value} a period earlier"
    running: str = "latest {value} so far"
    incomplete: str = "latest {value}, incomplete"
    gaps: str = "{unknown} of {all} not recorded"
    named: str = "{name}: {value}"
    named_latest: str = "{name}: latest {value}"
    before: str = "{value} (before: {before})"
    more: str = "and {count} more"
    busiest: str = "most on {at}: {value}"
    quartiles: str = "median {median}, half of the values between {low} and {high}"
    fullest: str = "most of them, {count}, between {low} and {high}"
    newest_share: str = "{name} after {period}: {value}%"
