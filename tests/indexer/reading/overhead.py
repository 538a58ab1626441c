"""What a process of its own costs a file: `python -m tests.indexer.reading.overhead [READS]`.

The same small file is read in the sandbox and in this process, by the same readers.
Processor time is the server's and its children's; wall time suffers from what else runs.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil

from archive.config import ExtractSettings
from indexer.describe.read import describe
from indexer.extract import Limits, extract
from indexer.reading.sandbox import Sandbox
from indexer.reading.worker import WARM_UP


def main(reads: int) -> None:
    with Sandbox(ExtractSettings()) as sandbox, tempfile.TemporaryDirectory() as folder:
        for name, content in WARM_UP.items():
            path = Path(folder, name)
            path.write_bytes(content)
            read_here(path, name)
            started = time.perf_counter()
            sandbox.read(path, name)
            if name == next(iter(WARM_UP)):
                print(f"first answer after {time.perf_counter() - started:.1f} s")
        server = psutil.Process(sandbox._running.process.pid)
        print(
            f"server: {server.memory_info().rss >> 20} MiB, {sum(server.cpu_times()):.1f} s of processor time so far"
        )
        print(f"{'ms a read':11} {'wall':>6} {'cpu':>6} {'wall here':>9}")
        for name in WARM_UP:
            path = Path(folder, name)
            before = sum(server.cpu_times())
            inside = median_ms(reads, sandbox.read, path, name)
            cpu_ms = 1000 * (sum(server.cpu_times()) - before) / reads
            here = median_ms(reads, read_here, path, name)
            print(f"{name:11} {inside:6.1f} {cpu_ms:6.1f} {here:9.1f}")


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
