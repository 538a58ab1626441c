"""What the trials of the sandbox have in common: the hostile reader and narrow limits."""

from dataclasses import replace
from pathlib import Path

from archive.config import ExtractSettings

ROOT = Path(__file__).parents[3]
EVIL = "tests.indexer.reading.evil:read"
"""Reached only through the constructor of `Sandbox`."""
LIMITS = ExtractSettings(timeout_s=1, memory_mib=512, text_max_chars=100_000)
PATIENT = replace(LIMITS, timeout_s=200)
