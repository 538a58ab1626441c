"""Codes and names of countries and of bodies that issue documents.

ISO 3166-1 alpha-2, the bodies below, and ISO 3166-3 for former states.
A subnational issuer rolls up to its country, so `US-NY` is never stored.
"""

from functools import cache

from babel import Locale

BODIES: dict[str, str] = {
    "UN": "United Nations",
    "EU": "European Union",
    "CE": "Council of Europe",
    "OSCE": "Organization for Security and Co-operation in Europe",
    "OIC": "Organisation of Islamic Cooperation",
    "NATO": "North Atlantic Treaty Organization",
    "CIS": "Commonwealth of Independent States",
    "EAEU": "Eurasian Economic Union",
    "AU-AFR": "African Union",
    "OAS": "Organization of American States",
    "NAM": "Non-Aligned Movement",
    "OTS": "Organization of Turkic States",
    "INT": "International",
}
"""Codes of ours for issuers that are no state."""

FORMER: dict[str, str] = {
    "SUHH": "Soviet Union",
    "YUCS": "Yugoslavia",
    "CSHH": "Czechoslovakia",
    "DDDE": "East Germany",
    "CSXX": "Serbia and Montenegro",
}
"""ISO 3166-3 alpha-4 codes of states that are no more."""

_NOT_ISSUERS = {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"}


@cache
def names(language: str = "en") -> dict[str, str]:
    """Return every code with its name in *language*, as CLDR has it.

    Bodies and former states have their English name where we have no other.
    """
    known = Locale.parse(language).territories
    countries = {
        code: name
        for code, name in known.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_ISSUERS
    }
    return {**countries, **FORMER, **BODIES}


def name_of(code: str, language: str = "en") -> str:
    """Return the name to show for *code*; the code itself where it is not known."""
    return names(language).get(code, code)
