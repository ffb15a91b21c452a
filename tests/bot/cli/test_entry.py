import subprocess
import sys

import pytest
from typer.testing import CliRunner

from bot.cli import entry
from tests.support.tokens import bot_token

ID = 1234567890123456789
HEAVY = ("discord", "motor", "pymongo", "matplotlib", "numpy", "pydantic", "aiohttp", "rich.markdown")


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "from bot.cli import main\n"
        "sys.argv = ['serverstats', '--help']\n"
        "try:\n"
        "    main()\n"
        "except SystemExit:\n"
        "    pass\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run(  # noqa: S603 - fixed argv, no shell
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "doctor" in done.stdout
    assert done.stderr.strip() == ""


def test_the_version_is_printed() -> None:
    result = CliRunner().invoke(entry.application(), ["--version"])
    assert result.exit_code == 0
    assert result.stdout.startswith("serverstats ")


def test_a_crash_prints_its_traceback_without_secrets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "mongodb://me:unescaped@home@db/"  # noqa: S105 - made up
    monkeypatch.setenv("MONGODB_URI", secret)

    def crash() -> None:
        raise RuntimeError(f"lost {secret} and {bot_token(ID)}")

    monkeypatch.setattr(entry, "application", lambda: crash)
    with pytest.raises(SystemExit) as stopped:
        entry.main()
    err = capsys.readouterr().err
    assert stopped.value.code == 1
    assert "RuntimeError: lost" in err
    assert "unescaped" not in err
    assert bot_token(ID) not in err
