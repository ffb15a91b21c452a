"""What mongod is told on its command line."""

import sys
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class MongodOptions:
    """How a mongod is run; the defaults suit one bot on a small host."""

    cache_gb: float = 0.25
    """Cache of the storage engine in GB, MongoDB takes 0.25 at least."""
    oplog_mb: int = 128
    """Size of the replication log in MB."""
    checkpoint_seconds: int = 5
    """Pause between checkpoints: what came after the last is replayed after a kill, 75,000 writes a second.
    MongoDB's own 60 s made a start after a kill in heavy traffic last 13 s; 5 s cost no throughput."""
    journal_file_mb: int = 16
    """Size of a journal file. MongoDB's own setting fills 300 MB before the first document."""
    slow_ms: int = 5_000
    """Operations slower than this are logged; big batches are normal here and are no news."""
    extra: tuple[str, ...] = ()
    """Further arguments, as on the command line."""


def mongod_arguments(
    options: MongodOptions,
    *,
    data: Path,
    port: int,
    replica_set: str | None = None,
    key_file: Path | None = None,
) -> tuple[str, ...]:
    """Command line, less the program, of a mongod on loopback alone.

    Without a ``replica_set`` it is a standalone server; with a ``key_file`` it demands a login.
    """
    arguments = [
        *("--dbpath", str(data)),
        *("--bind_ip", LOOPBACK),
        *("--port", str(port)),
        *("--wiredTigerCacheSizeGB", str(options.cache_gb)),
        *("--wiredTigerEngineConfigString", f"log=(file_max={options.journal_file_mb}MB,prealloc=false)"),
        *("--syncdelay", str(options.checkpoint_seconds)),
        *("--slowms", str(options.slow_ms)),
        *("--networkMessageCompressors", "disabled"),
        "--noscripting",
        # Diagnostics for MongoDB's own support: 10 MB, and a wake-up each second.
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
    ]
    if sys.platform != "win32":
        arguments.append("--nounixsocket")
    if replica_set is not None:
        arguments += ["--replSet", replica_set, "--oplogSize", str(options.oplog_mb)]
    if key_file is not None:
        arguments += ["--keyFile", str(key_file)]
    return (*arguments, *options.extra)
