"""Gathers the memory of a process in huge pages, so that a fork of it costs little.

A fork copies an entry for every page of 4 KiB, and the end of the child takes each away again:
with 150 MiB more time than reading a short text takes. A huge page of 2 MiB is one entry until
somebody writes to it.
"""

import contextlib
import ctypes
import re
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)
_libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)

_HUGE_BYTES = 2 << 20
_COLLAPSE = 25  # MADV_COLLAPSE, Linux 6.1; see madvise(2)
# What belongs to no file and may be written: where Python and the C library keep their objects.
_ANONYMOUS = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw-p [0-9a-f]+ 00:00 0 *(?:\[heap\])?$")


def gather() -> int:
    """Put what lies in small pages into huge ones, where the kernel can; return how many it made.

    Takes a moment, once. Nothing else changes, and nothing is lost where it fails.
    """
    made = 0
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/maps").read_text("ascii").splitlines():
            if found := _ANONYMOUS.match(line):
                start, end = (int(place, 16) for place in found.groups())
                first = -(-start // _HUGE_BYTES) * _HUGE_BYTES
                for place in range(first, end - _HUGE_BYTES + 1, _HUGE_BYTES):
                    made += _libc.madvise(place, _HUGE_BYTES, _COLLAPSE) == 0
    return made
