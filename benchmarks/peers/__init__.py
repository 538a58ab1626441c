"""The engines that are compared, each set up as it is shipped or as its documentation advises."""

from benchmarks.peers.asking import FACETS, PAGE, Asked, Contender, Page, QueryKind, typed
from benchmarks.peers.fts5 import Fts5
from benchmarks.peers.ours import Ours, index_document
from benchmarks.peers.tantivy import Tantivy
from benchmarks.peers.whoosh import StockWhoosh
from benchmarks.peers.xapian import Xapian

__all__ = (
    "CONTENDERS",
    "FACETS",
    "PAGE",
    "Asked",
    "Contender",
    "Page",
    "QueryKind",
    "index_document",
    "typed",
)

CONTENDERS: dict[str, type[Contender]] = {
    one.name: one for one in (Ours, Tantivy, Fts5, Xapian, StockWhoosh)
}
