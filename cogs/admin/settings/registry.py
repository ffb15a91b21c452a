"""The settings of a server, one row each, in the order in which they are shown."""

from collections.abc import Mapping
from types import MappingProxyType

from cogs.admin.settings import language, report_channel, retention, roles, sentiment, theme, time_zone
from cogs.admin.settings.setting import Setting

_ROWS: tuple[Setting, ...] = (
    time_zone.SETTING,
    roles.STATISTICS,
    roles.MEMBERS,
    retention.SETTING,
    sentiment.SETTING,
    report_channel.SETTING,
    theme.SETTING,
    language.SETTING,
)

SETTINGS: Mapping[str, Setting] = MappingProxyType({setting.key: setting for setting in _ROWS})
"""Settings by key."""
