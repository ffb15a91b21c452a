"""Whether this processor can run MongoDB 5 and later."""

import platform
from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")


def lacks_avx(cpu_info: str, machine: str) -> bool:
    """Tell whether an x86-64 processor, described as in /proc/cpuinfo, has no AVX; false where unknown."""
    if machine.lower() not in {"x86_64", "amd64"}:
        return False
    flags = [line.partition(":")[2].split() for line in cpu_info.splitlines() if line.startswith("flags")]
    return bool(flags) and "avx" not in flags[0]


def this_cpu_lacks_avx() -> bool:
    """Tell whether this machine is known to lack AVX; false where the system does not say."""
    return CPU_INFO.is_file() and lacks_avx(CPU_INFO.read_text(errors="replace"), platform.machine())
