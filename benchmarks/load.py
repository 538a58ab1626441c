"""The site over HTTP as shipped: pages by the clock, with and without a writer.

    python -m benchmarks.load [--documents N] [--uploads M] [--seconds S] [--seed S] [--json]

`muniment serve` with its own settings serves an archive of N generated documents, which are
kept in MUNIMENT_BENCH_CACHE between runs; each run works on a copy. Eight readers ask one page
a second each, then as fast as they are answered; then again one a second while a signed-in
archivist puts in M documents one after the other through the upload page; at last as fast as they
are answered while an archivist puts in documents. For each upload: how long the POST takes, and
how long it is, from its end and from its beginning, until a search for a word that stands in it
alone finds it. A PDF of 600 pages is put in and its page opened again and again, each time
somewhere else in it. Everything is by the clock, so the machine must be quiet. The readers take
processor time from the site: pages a second are also told without it, as if they had asked from
elsewhere.
Exit status 1: a page failed, an upload was not found, or 95 in 100 were not within a second.
"""

import argparse
import contextlib
import http.client
import http.cookiejar
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import psutil

from benchmarks.archives import NAME, PASSWORD, copied, kept_archive
from benchmarks.corpora import (
    SEED,
    Corpus,
    DataMissing,
    Document,
    cache_folder,
    corpus,
    name_of,
)
from benchmarks.pdf_making import pdf_of
from benchmarks.peers import typed
from benchmarks.questions import questions
from benchmarks.speed import percentile

READERS = 8
EVERY_S = 1.0
FOUND_WITHIN_S = 60.0
WANTED_MS = 1000.0

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(slots=True)
class Pages:
    """What became of the pages that readers asked for."""

    ms: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    seconds: float = 0.0
    client_s: float = 0.0
    """Processor time that asking took."""

    def told(self) -> dict[str, Any]:
        """Return the figures as they are printed."""
        return {
            "pages": len(self.ms),
            "failed": len(self.failed),
            "pages_a_second": _rate(len(self.ms), self.seconds),
            "without_the_client": _rate(
                len(self.ms), self.seconds - self.client_s / (os.cpu_count() or 1)
            ),
            **spread(self.ms),
        }


def _rate(number: int, seconds: float) -> float:
    return round(number / seconds, 1) if seconds > 0 else 0.0


@dataclass(slots=True)
class Uploads:
    """How long it took until what was put in was found; milliseconds by the clock."""

    post_ms: list[float] = field(default_factory=list)
    after_ms: list[float] = field(default_factory=list)
    """From the end of the POST."""
    whole_ms: list[float] = field(default_factory=list)
    """From its beginning."""
    failed: list[str] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """Return the figures as they are printed."""
        return {
            "uploads": len(self.whole_ms),
            "failed": len(self.failed),
            "post_ms": spread(self.post_ms),
            "searchable_after_post_ms": spread(self.after_ms),
            "searchable_from_start_ms": spread(self.whole_ms),
        }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return what half of the values and 95 in 100 do not exceed, and the largest."""
    return {
        "p50": round(percentile(values, 0.5), 1),
        "p95": round(percentile(values, 0.95), 1),
        "max": round(max(values, default=0.0), 1),
    }


# --- the site -------------------------------------------------------------------------


@contextlib.contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve *home* as `muniment serve` does, and give the address when all of it is up."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "webui.cli", "--home", str(home), "serve", "--port", str(port)]
    with (home / "serve.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait_until_up(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def _wait_until_up(base: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 120
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if urllib.request.urlopen(f"{base}/healthz", timeout=10).status == 200:
                break
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the site does not come up; see serve.log")
        time.sleep(0.1)
    # At its start the job worker reads the whole index: what is measured comes after.
    family = psutil.Process(process.pid).children(recursive=True)
    before = -1.0
    while time.monotonic() < deadline:
        spent = sum(sum(one.cpu_times()[:2]) for one in family if one.is_running())
        if spent - before < 0.1:
            break
        before = spent
        time.sleep(1.0)


# --- readers --------------------------------------------------------------------------


def addresses(source: Corpus, seed: int) -> list[str]:
    """Return addresses of pages of results: every kind of query, one in eight narrowed."""
    asked = questions(source, 16)
    random.Random(seed).shuffle(asked)
    found = []
    for one in asked:
        fields = {"q": typed(one)}
        if one.kind == "filtered":
            fields |= {"country": one.country, "from": str(one.years[0]), "to": str(one.years[1])}
        found.append(f"/search?{urllib.parse.urlencode(fields)}")
    return found


def read(
    base: str, pages: Sequence[str], *, until: Callable[[], bool], pause: float, readers: int
) -> Pages:
    """Let *readers* ask for *pages* in turn, one every *pause* seconds each, *until* it is over."""
    result, lock = Pages(), threading.Lock()
    began, spent_before = time.monotonic(), time.process_time()

    def reader(number: int) -> None:
        turn = number
        due = began + pause * number / readers
        while not until():
            if (rest := due - time.monotonic()) > 0:
                time.sleep(min(rest, 0.1))
                continue
            address = pages[turn % len(pages)]
            asked_at = time.monotonic()
            problem = _problem_of(base, address)
            spent = (time.monotonic() - asked_at) * 1000
            with lock:
                result.ms.append(spent)
                if problem:
                    result.failed.append(f"{address}: {problem}")
            turn += readers
            due += pause

    threads = [threading.Thread(target=reader, args=(number,)) for number in range(readers)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    result.seconds = time.monotonic() - began
    result.client_s = time.process_time() - spent_before
    return result


def _problem_of(base: str, address: str) -> str:
    """Ask for a page by a connection of its own; what was wrong with it, or nothing."""
    connection = http.client.HTTPConnection(base.removeprefix("http://"), timeout=60)
    try:
        connection.request("GET", address)
        answer = connection.getresponse()
        said = answer.read()
    except (OSError, http.client.HTTPException) as error:
        return str(error)
    finally:
        connection.close()
    if answer.status != 200:
        return f"status {answer.status}"
    return "" if b"</html>" in said else "the page has no end"


def for_seconds(seconds: float) -> Callable[[], bool]:
    """Return what says whether so many seconds are over from now."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


# --- the writer -----------------------------------------------------------------------


class Archivist:
    """Somebody signed in, with a browser."""

    def __init__(self, base: str) -> None:
        """Sign in at the site."""
        self.base = base
        self.browser = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
        form = {"name": NAME, "password": PASSWORD, "csrf_token": self._token("/sign-in")}
        self.browser.open(f"{base}/sign-in", urllib.parse.urlencode(form).encode(), 60).read()
        self.token = self._token("/upload")

    def _token(self, address: str) -> str:
        page = self.browser.open(self.base + address, timeout=60).read().decode()
        found = _TOKEN.search(page)
        if found is None:
            raise RuntimeError(f"{address} shows no form to this account")
        return found[1]

    def put(self, name: str, content: bytes) -> str:
        """Upload a file and return the page that answers."""
        border = "border-of-the-load-benchmark"
        body = (
            f'--{border}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{self.token}\r\n'
            f'--{border}\r\nContent-Disposition: form-data; name="publish"\r\n\r\n1\r\n'
            f'--{border}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        request = urllib.request.Request(
            f"{self.base}/upload",
            body + content + f"\r\n--{border}--\r\n".encode(),
            {"Content-Type": f"multipart/form-data; boundary={border}"},
        )
        said: bytes = self.browser.open(request, timeout=120).read()
        return said.decode()


def uploads(base: str, source: Corpus, number: int, *, first: int = 0) -> Uploads:
    """Put in documents, HTML and text in turn, each after the one before was found.

    Two calls with other *first* put in other documents.
    """
    archivist, result = Archivist(base), Uploads()
    documents = islice(source.documents(), first, first + number)
    for n, document in enumerate(documents, first):
        # Two hundred millions on there is no name of the corpus.
        word = name_of(200_000_000 + n).lower()
        name, content = _file_of(document, word, n)
        began = time.monotonic()
        page = archivist.put(name, content)
        posted = time.monotonic()
        found = _search_until_found(base, word)
        if found is None or "/d/" not in page:
            result.failed.append(f"{name}: {'not taken' if '/d/' not in page else 'not found'}")
            continue
        result.post_ms.append((posted - began) * 1000)
        result.after_ms.append((found - posted) * 1000)
        result.whole_ms.append((found - began) * 1000)
    return result


def _file_of(document: Document, word: str, n: int) -> tuple[str, bytes]:
    if n % 2:
        return f"{word}.txt", f"{document.title} {word}\n\n{document.text}".encode()
    paragraphs = "".join(f"<p>{part}</p>" for part in document.text.split("\n\n"))
    page = (
        f"<!doctype html><html lang={document.language}><title>{document.title}</title>"
        f"<body><article><h1>{document.title}</h1><p>{word}</p>{paragraphs}</article></body></html>"
    )
    return f"{word}.html", page.encode()


def _search_until_found(base: str, word: str) -> float | None:
    deadline = time.monotonic() + FOUND_WITHIN_S
    while time.monotonic() < deadline:
        with urllib.request.urlopen(f"{base}/search?q={word}", timeout=60) as answer:
            said = answer.read()
        if b'href="/d/' in said:
            return time.monotonic()
        time.sleep(0.01)
    return None


# --- a long document ------------------------------------------------------------------

LONG_PAGES = 600
LONG_OPENED = 40
LONG_WANTED_MS = 300.0


def long_document(base: str, source: Corpus) -> dict[str, Any]:
    """Put in a PDF of LONG_PAGES pages and open its page at places all over it, by the clock."""
    word = name_of(300_000_000).lower()
    texts = [one.text for one in islice(source.documents(), 60)]
    pages = [texts[n % len(texts)] for n in range(LONG_PAGES)]
    page = Archivist(base).put(f"{word}.pdf", pdf_of([f"{word} {text}" for text in pages]))
    found = re.search(r'href="(/d/\w+)', page)
    if found is None:
        return {"pages": LONG_PAGES, "failed": ["not taken"], **spread([])}
    problems, ms = [], []
    for n in range(LONG_OPENED):
        began = time.monotonic()
        problems.append(_problem_of(base, f"{found[1]}?q={word}&part={n % 10 + 1}"))
        ms.append((time.monotonic() - began) * 1000)
    return {"pages": LONG_PAGES, "failed": [one for one in problems if one], **spread(ms)}


# --- all of it ------------------------------------------------------------------------


def _beside(
    base: str, source: Corpus, pages: Sequence[str], number: int, *, first: int, pause: float
) -> tuple[Pages, Uploads]:
    """Let readers ask for pages while *number* documents are put in."""
    done, during = threading.Event(), Pages()

    def readers() -> None:
        nonlocal during
        during = read(base, pages, until=done.is_set, pause=pause, readers=READERS)

    reading = threading.Thread(target=readers)
    reading.start()
    try:
        put = uploads(base, source, number, first=first)
    finally:
        done.set()
        reading.join()
    return during, put


def measure(
    home: Path, source: Corpus, pages: Sequence[str], *, number: int, seconds: float
) -> dict[str, Any]:
    """Measure the site over *home*, which is changed by it."""
    with served(home) as base:
        read(base, pages, until=for_seconds(min(5.0, seconds)), pause=0, readers=2)  # warm
        quiet = read(base, pages, until=for_seconds(seconds), pause=EVERY_S, readers=READERS)
        flat_out = read(base, pages, until=for_seconds(seconds), pause=0, readers=READERS)
        few = max(1, number // 10)
        alone = uploads(base, source, few)
        during, put = _beside(base, source, pages, number, first=few, pause=EVERY_S)
        flat_out_too, put_too = _beside(base, source, pages, few, first=few + number, pause=0)
        long = long_document(base, source)
    failed = [
        *flat_out_too.failed,
        *put_too.failed,
        *long["failed"],
        *quiet.failed,
        *flat_out.failed,
        *during.failed,
        *alone.failed,
        *put.failed,
    ]
    return {
        "documents": source.count,
        "digest": source.digest,
        "readers": READERS,
        "one_a_second": quiet.told(),
        "flat_out": flat_out.told(),
        "flat_out_with_writer": flat_out_too.told(),
        "one_a_second_with_writer": during.told(),
        "uploads_alone": alone.told(),
        "uploads": put.told(),
        "long_document": long,
        "failures": failed[:20],
    }


def show(told: dict[str, Any]) -> None:
    """Print the figures, a line each."""
    print(
        f"{told['documents']} documents, digest {told['digest']}; {told['readers']} readers; ms by the clock"
    )
    for name in ("one_a_second", "flat_out", "one_a_second_with_writer", "flat_out_with_writer"):
        one = told[name]
        print(
            f"{name:26} {one['pages']:6} pages, {one['pages_a_second']:6} a second "
            f"({one['without_the_client']} without the client's part), "
            f"p50 {one['p50']}, p95 {one['p95']}, max {one['max']}; {one['failed']} failed"
        )
    for name in ("uploads_alone", "uploads"):
        one = told[name]
        spans = (
            f"{part[:-3]} {one[part]['p50']}/{one[part]['p95']}"
            for part in one
            if part.endswith("_ms")
        )
        print(
            f"{name:26} {one['uploads']:6} found, p50/p95: {', '.join(spans)}; {one['failed']} failed"
        )
    long = told["long_document"]
    print(
        f"a document of {long['pages']} pages: p50 {long['p50']}, p95 {long['p95']}, max {long['max']}"
    )
    for line in told["failures"]:
        print(f"  {line}")


def main() -> int:
    """Run from the command line; 1 where something failed or was slower than is wanted."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=10_000, metavar="N")
    parser.add_argument("--uploads", type=int, default=100, metavar="M")
    parser.add_argument(
        "--seconds", type=float, default=20.0, metavar="S", help="of each part without a writer"
    )
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object and nothing else"
    )
    asked = parser.parse_args()
    try:
        source = corpus(asked.documents)
    except DataMissing as error:
        raise SystemExit(f"{error}; nothing was measured") from error
    kept = kept_archive(source)
    with tempfile.TemporaryDirectory(dir=cache_folder(), prefix="load-run-") as scratch:
        home = copied(kept, Path(scratch) / "home")
        told = measure(
            home, source, addresses(source, asked.seed), number=asked.uploads, seconds=asked.seconds
        )
    if asked.json:
        print(json.dumps(told))
    else:
        show(told)
    slow = told["uploads"]["searchable_after_post_ms"]["p95"] > WANTED_MS
    slow = slow or told["long_document"]["p95"] > LONG_WANTED_MS
    return 1 if told["failures"] or slow else 0


if __name__ == "__main__":
    sys.exit(main())
