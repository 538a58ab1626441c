"""Where the documents of a result come from: one equal square a country, no borders drawn."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template, request

from archive.countries import BODIES
from indexer.engine import UNKNOWN
from indexer.search import UNKNOWN_WORD, ResultPage
from webui import asking, facets, formats, search
from webui.languages import gettext

blueprint = Blueprint("cartogram", __name__)

# Every code of ISO 3166-1 but those of places where nobody lives. Each stands about where it
# lies on a map: points of latitude and longitude were pushed apart until each had room, then
# given the squares with the least sum of squared distances.
_DRAWN = """
.. .. .. .. .. .. .. .. GL .. .. .. SJ .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. ..
.. .. .. .. .. .. .. .. .. .. IS .. .. .. SE .. FI .. .. .. .. .. .. .. .. .. .. .. .. ..
CA .. .. .. .. .. .. .. .. FO .. .. NO AX LV EE .. .. .. .. .. .. .. .. .. .. .. .. .. ..
.. .. .. .. .. PM .. .. .. IM GB NL DK DE PL LT .. .. RU .. .. .. .. .. .. .. .. .. .. ..
US .. .. .. .. .. .. .. .. IE GG LU AT CZ SK BY UA .. .. .. .. .. .. .. .. .. .. .. .. ..
.. .. .. .. BM .. .. .. .. JE FR BE LI SI HU RO MD .. .. .. KZ .. .. .. .. .. .. .. .. ..
MX .. CU BS TC VG MF AI .. .. AD CH SM BA HR RS BG GE AM AZ UZ KG .. MN .. KP .. .. .. ..
.. BZ KY HT PR SX BL AG GP PT ES MC IT AL ME MK TR LB SY IQ TM TJ .. CN .. KR JP .. .. ..
GT HN JM VI DO KN DM MQ .. .. GI .. VA MT GR .. CY PS KW IR AF PK NP BT .. .. .. .. .. ..
SV NI AW CW BQ VC MS BB .. MA .. TN .. .. .. IL JO SA BH AE IN BD MM MO TW .. .. .. .. ..
.. CR PA VE GD TT LC .. EH MR DZ LY .. EG .. .. .. YE QA OM .. TH LA HK .. .. .. .. .. ..
.. EC CO .. GY SR GF GM SN ML .. NE TD SD ER .. .. .. .. .. LK .. KH VN PH .. .. .. .. ..
.. .. PE .. .. BR CV GW GN BF BJ NG .. SS .. DJ .. .. .. .. MV .. MY BN .. MP .. .. .. ..
.. .. .. BO .. .. .. SL CI TG CM CF UG ET SO .. .. .. .. .. .. .. SG ID GU FM MH KI TK ..
.. .. .. .. PY .. .. LR GH ST GQ CG RW KE .. SC .. .. .. .. .. .. .. PW TL NR TV WS AS ..
.. .. .. CL AR UY .. .. .. .. GA CD BI TZ .. .. .. .. .. .. CC CX .. .. PG SB VU WF PF ..
.. .. .. .. .. .. .. .. .. SH .. AO ZM MW KM YT MU .. .. .. .. .. .. .. .. AU NC FJ NU PN
.. .. .. .. .. FK .. .. .. .. GS .. NA BW ZW MZ MG RE .. .. .. .. .. .. .. .. .. NF TO CK
.. .. .. .. .. .. .. .. .. .. .. .. .. ZA LS SZ .. .. .. .. .. .. .. .. .. .. NZ .. .. ..
"""
GRID = _DRAWN.strip().splitlines()

SIDE = 20
"""Of a square, its gap with it."""
_GAP = 2
_BODY_SQUARES = 3
"""How many squares wide a body is: its code is longer."""
SHADES = 4

SQUARES: Mapping[str, tuple[int, int]] = {
    code: (column, row)
    for row, line in enumerate(GRID)
    for column, code in enumerate(line.split())
    if code != ".."
}
COLUMNS, ROWS = len(GRID[0].split()), len(GRID)


@dataclass(frozen=True, slots=True)
class Place:
    """A country, a body, or what is not known."""

    code: str
    name: str
    count: int
    chosen: bool
    address: str
    """Of the result narrowed to it, or no longer narrowed to it."""
    shade: int
    """0 where there is nothing, to SHADES where there is most."""
    x: float = 0
    y: float = 0
    width: float = SIDE - _GAP


@dataclass(frozen=True, slots=True)
class Cartogram:
    """The squares, and the same as a list."""

    squares: tuple[Place, ...]
    bodies: tuple[Place, ...]
    """In a row of their own; codes without a square stand there, too."""
    rows: tuple[Place, ...]
    """Whatever has documents, most first, *unknown* last."""
    steps: tuple[tuple[int, int], ...]
    """The least and most that each shade stands for."""
    width: int
    height: int


@blueprint.get("/search/map")
def show() -> str:
    """Show where the documents of a search come from."""
    page = search.answered(asking.asked_of(request.args))
    return render_template(
        "search/map.html",
        page=page,
        asked=page.asked,
        chart=drawn(page),
        chips=facets.chips_of(page.asked),
        back=asking.address(page.asked),
        side=SIDE - _GAP,
    )


def drawn(page: ResultPage) -> Cartogram:
    """Return the cartogram of a result: the counts of its facet of countries."""
    counts = page.facets.get("country", {})
    chosen = {value.upper() for value in asking.chosen(page.asked, "country")}
    known = {code: n for code, n in counts.items() if code != UNKNOWN}
    steps = steps_of(max(known.values(), default=0))

    def place(code: str, x: float = 0, y: float = 0, squares: int = 1) -> Place:
        written = UNKNOWN_WORD if code == UNKNOWN else code
        count = counts.get(code, 0)
        return Place(
            code=code,
            name=gettext("country unknown") if code == UNKNOWN else formats.country(code),
            count=count,
            chosen=written.upper() in chosen,
            address=asking.address(asking.toggling(page.asked, "country", written)),
            shade=sum(1 for least, _ in steps if count >= least) if count else 0,
            x=x,
            y=y,
            width=SIDE * squares - _GAP,
        )

    others = [*BODIES, *sorted(known.keys() - SQUARES.keys() - BODIES.keys())]
    a_row = COLUMNS // _BODY_SQUARES
    under = ROWS + 1
    rows = sorted(known, key=lambda code: (-known[code], formats.country(code)))
    return Cartogram(
        squares=tuple(place(code, x * SIDE, y * SIDE) for code, (x, y) in SQUARES.items()),
        bodies=tuple(
            place(
                code,
                n % a_row * SIDE * _BODY_SQUARES,
                (under + n // a_row) * SIDE,
                _BODY_SQUARES,
            )
            for n, code in enumerate(others)
        ),
        rows=tuple(map(place, [*rows, *([UNKNOWN] if UNKNOWN in counts else [])])),
        steps=steps,
        width=COLUMNS * SIDE,
        height=(under + -(-len(others) // a_row)) * SIDE,
    )


def steps_of(most: int) -> tuple[tuple[int, int], ...]:
    """Return the least and the most that each shade stands for; each is several times the last.

    >>> steps_of(1000), steps_of(3), steps_of(1), steps_of(0)
    (((1, 5), (6, 31), (32, 177), (178, 1000)), ((1, 1), (2, 2), (3, 3)), ((1, 1),), ())
    """
    return tuple(_steps(most))


def _steps(most: int) -> Iterator[tuple[int, int]]:
    begin = 1
    for shade in range(1, SHADES + 1):
        end = most if shade == SHADES else int(most ** (shade / SHADES))
        end = max(begin, end) if most < SHADES else end
        if begin <= end <= most:
            yield begin, end
            begin = end + 1
