"""People whose Discord is set to another language: the simulation itself knows only American English."""

from typing import Any

import pytest
from simcord import interactions

_original = interactions.base_payload


def everybody_speaks(patch: pytest.MonkeyPatch, user: str, guild: str = "en-US") -> None:
    """Have Discord say from now on that all users, and the server, have these locales."""

    def payload(*args: object, **kwargs: object) -> tuple[object, dict[str, Any]]:
        record, built = _original(*args, **kwargs)
        built["locale"] = user
        if "guild_locale" in built:
            built["guild_locale"] = guild
        return record, built

    patch.setattr(interactions, "base_payload", payload)
