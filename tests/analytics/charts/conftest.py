from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from analytics.charts.painter import Painter


@pytest.fixture(scope="session")
def painter(tmp_path_factory: pytest.TempPathFactory) -> "Painter":
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MPLCONFIGDIR", str(tmp_path_factory.mktemp("matplotlib")))
        patch.setenv("MPL_IGNORE_SYSTEM_FONTS", "1")
        from analytics.charts.painter import Painter  # noqa: PLC0415 - reads the settings above
    return Painter()
