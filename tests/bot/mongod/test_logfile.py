from pathlib import Path

from bot.mongod.logfile import bound_log, size, text_since


def test_a_log_beyond_the_bound_moves_aside_while_its_writer_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "mongod.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"old " * 5 + b"new " * 5)

        assert bound_log(log, limit=20)
        writer.write(b"after")

    assert log.read_bytes() == b"after"
    assert (tmp_path / "mongod.log.1").read_bytes() == b"new " * 5


def test_a_small_log_stays(tmp_path: Path) -> None:
    log = tmp_path / "mongod.log"
    assert not bound_log(log, limit=20)
    log.write_bytes(b"x" * 20)
    assert not bound_log(log, limit=20)
    assert log.read_bytes() == b"x" * 20


def test_text_since_begins_at_the_offset_and_is_bounded(tmp_path: Path) -> None:
    log = tmp_path / "mongod.log"
    assert (size(log), text_since(log, 0)) == (0, "")
    log.write_text("before")
    offset = size(log)
    with log.open("a") as writer:
        writer.write("behind")

    assert text_since(log, offset) == "behind"

    with log.open("a") as writer:
        writer.write("x" * 100_000 + "end")
    assert len(text_since(log, offset)) == 64 * 1024
    assert text_since(log, offset).endswith("xend")


def test_a_log_that_was_emptied_meanwhile_is_read_whole(tmp_path: Path) -> None:
    log = tmp_path / "mongod.log"
    log.write_text("short")
    assert text_since(log, 1_000) == "short"
