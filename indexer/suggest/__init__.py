"""What else might be asked: a better spelling, less of it, the rest of a word, records like one.

Everything here comes from the records that the asking labels may see, and is verified by
counting; nothing is asked in the reader's place.
"""

from indexer.suggest.completion import Completion, complete
from indexer.suggest.desk import Desk
from indexer.suggest.likeness import related
from indexer.suggest.rescue import Rescue, rescues
from indexer.suggest.spelling import Correction, did_you_mean

__all__ = [
    "Completion",
    "Correction",
    "Desk",
    "Rescue",
    "complete",
    "did_you_mean",
    "related",
    "rescues",
]
