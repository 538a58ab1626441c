"""What a process of its own costs a file: `python -m tests.indexer.reading.overhead [READS]`.

The same small file is read in the sandbox and in this process, by the same readers.
"""

import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

from archive.config import ExtractSettings
from indexer.describe.read import describe
from indexer.extract import Limits, extract
from indexer.reading.sandbox import Sandbox
from indexer.reading.worker import WARM_UP


def main(reads: int) -> None:
    started = time.perf_counter()
    with Sandbox(ExtractSettings()) as sandbox, tempfile.TemporaryDirectory() as folder:
        for name, content in WARM_UP.items():
            path = Path(folder, name)
            path.write_bytes(content)
            read_here(path, name)
            sandbox.read(path, name)
        print(f"server started and warm after {time.perf_counter() - started:.1f} s (wall)")
        print("median wall ms: in a child, here, difference")
        for name in WARM_UP:
            path = Path(folder, name)
            inside = median_ms(reads, sandbox.read, path, name)
            here = median_ms(reads, read_here, path, name)
            print(f"{name:11} {inside:6.1f} {here:6.1f} {inside - here:6.1f}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"server and children: {used.ru_utime + used.ru_stime:.1f} s of processor time, "
          f"{used.ru_maxrss // 1024} MiB at most in one")  # fmt: skip


def read_here(path: Path, name: str) -> None:
    limits = Limits(text_max_chars=1_000_000, pdf_reader="auto")
    describe(extract(path, name, limits=limits), name)


def median_ms(reads: int, read, path: Path, name: str) -> float:
    times = []
    for _ in range(reads):
        started = time.perf_counter()
        read(path, name)
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
