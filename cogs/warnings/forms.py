"""The forms: one asks for the category of a warning, one how it was resolved. There is no room for words."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import discord

from cogs.controls.state import OutdatedControlError
from cogs.warnings.state import Action, WarningState, encode
from schemas.warnings import (
    WARNING_CATEGORIES,
    WARNING_RESOLUTIONS,
    WarningCategory,
    WarningResolution,
)
from texts import LazyText, tr

FIELD = "choice"
CATEGORY_NAMES: Mapping[WarningCategory, LazyText] = MappingProxyType(
    {
        "none": LazyText("No category"),
        "spam": LazyText("Spam"),
        "advertising": LazyText("Advertising"),
        "insult": LazyText("Insult"),
        "harassment": LazyText("Harassment"),
        "hate": LazyText("Hate"),
        "indecent": LazyText("Indecent content"),
        "offTopic": LazyText("Off topic"),
        "other": LazyText("Other"),
    }
)
RESOLUTION_NAMES: Mapping[WarningResolution, LazyText] = MappingProxyType(
    {
        "settled": LazyText("Settled: it did not happen again"),
        "withdrawn": LazyText("Withdrawn: it was not justified"),
        "escalated": LazyText("Escalated: something stricter followed"),
    }
)


def record_form(user_id: int) -> discord.ui.Modal:
    """Form that asks for a category, which may be left out."""
    state = WarningState(Action.RECORD, user_id)
    options = [name for name in CATEGORY_NAMES.items() if name[0] != "none"]
    return _form(
        tr("Record warning"),
        state,
        tr("Category"),
        tr("What it is about, if you like."),
        options,
        required=False,
    )


def resolve_form(user_id: int, case: int) -> discord.ui.Modal:
    """Form that asks how a warning was resolved."""
    state = WarningState(Action.RESOLVE, user_id, case)
    return _form(
        tr("Resolve warning"),
        state,
        tr("Resolution"),
        tr("How it ended."),
        list(RESOLUTION_NAMES.items()),
        required=True,
    )


def category_of(components: object) -> WarningCategory:
    """The category that was chosen; raises OutdatedControlError for one that is not known."""
    chosen = _chosen(components) or "none"
    if chosen not in WARNING_CATEGORIES:
        raise OutdatedControlError
    return chosen


def resolution_of(components: object) -> WarningResolution:
    """The resolution that was chosen; raises OutdatedControlError for one that is not known."""
    chosen = _chosen(components)
    if chosen not in WARNING_RESOLUTIONS:
        raise OutdatedControlError
    return chosen


def _form(  # noqa: PLR0913 - one value of each kind
    title: str,
    state: WarningState,
    text: str,
    description: str,
    options: Sequence[tuple[str, LazyText]],
    *,
    required: bool,
) -> discord.ui.Modal:
    """A form with one menu; finished at once, as ``cogs.controls.custom_range`` says."""
    form = discord.ui.Modal(title=title, custom_id=encode(state))
    menu: discord.ui.Select[discord.ui.Modal] = discord.ui.Select(
        custom_id=FIELD,
        required=required,
        options=[discord.SelectOption(label=str(label), value=value) for value, label in options],
    )
    form.add_item(discord.ui.Label(text=text, description=description, component=menu))
    form.stop()
    return form


def _chosen(components: object) -> str:
    """The entry chosen in the form's menu; empty where none is."""
    for field in _fields(components):
        if field.get("custom_id") == FIELD:
            values = field.get("values")
            return str(values[0]) if isinstance(values, list) and values else ""
    raise OutdatedControlError


def _fields(components: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(components, list):
        for component in components:
            if isinstance(component, dict):
                yield component
                yield from _fields(component.get("components"))
                yield from _fields([component.get("component")])
