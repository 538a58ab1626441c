"""The words by which a text refers to an instrument, by language: data.

A form that ends in `*` is a beginning: any ending of up to nine letters may follow. Written
in lower case with one letter i, as `plain` makes of a text.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ActWord:
    """What kind of instrument a word names."""

    kind: str
    weak: bool
    """It means other things, too: it counts beside a number, a date that is tied to it, or a
    verb of which it is the object."""


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


def plain(text: str) -> str:
    """Return *text* in lower case, with one letter i, every character in its place."""
    return text.replace("İ", "i").replace("ı", "i").replace("I", "i").lower()


_STRONG = """
resolution resolution resolutions résolution résolutions resolución resoluciones resolucion qətnamə* резолюция резолюции резолюцию резолюцией резолюций резолюциях резолюциями
decree decree decrees décret décrets decreto decretos décret-loi décrets-lois decreto-ley fərman* kararname* указ указа указу указом указе указы указов указами указах декрет декрета декретом декрете
presidential_order sərəncam* распоряжение распоряжения распоряжением распоряжению распоряжении распоряжений
resolution постановление постановления постановлением постановлению постановлении постановлений
order приказ приказа приказу приказом приказе приказы приказов arrêté arrêtés
ordinance ordonnance ordonnances ordenanza ordenanzas
law loi lois ley leyes
regulation directive directives directiva directivas yönetmelik* yönetmeliğ* директива директивы директивой
"""
_WEAK = """
decision decision decisions décision décisions decisión decisiones decision decisiones qərar* karar* решение решения решением решению решении решений beschluss
order order orders orden órdenes ordenes əmr əmri əmrinin əmrinə əmrlə əmrini əmrində
law law laws act acts закон закона закону законом законе законы законов законами qanun* kanun* gesetz lei
regulation regulation regulations règlement règlements reglamento reglamentos verordnung richtlinie регламент регламента регламентом tüzük* tüzüğ* əsasnamə* положение положения положением
ordinance ordinance ordinances
treaty treaty treaties convention conventions agreement agreements protocol protocols covenant traité traités accord accords protocole tratado tratados convenio convenios convención acuerdo acuerdos protocolo договор договора договором договору договоре соглашение соглашения соглашением соглашению соглашении конвенция конвенции конвенцией конвенцию протокол протокола протоколом müqavilə* saziş* konvensiya* protokol* antlaşma* anlaşma* sözleşme*
communique communiqué communique communiqués bəyanat* коммюнике заявление заявления заявлением заявлении tebliğ* bildiri*
circular circulaire circulaires circular circulares genelge*
court_decision judgment judgement judgments ruling rulings arrêt arrêts sentencia sentencias определение определения определением
code кодекс кодекса кодексу кодексом кодексе məcəllə*
"""
_NOT_WORDS = """qanuni qanunvericili* qanunsuz* qanunla qanunauyğun* qanunlaşdır* qərarlaş* qərargah*
kanuni kanunen kanunlaştır* kararlı kararli kararlılı* kararlili* kararlaştır* kararlaştir* kararsız* kararsiz*
protokollaş* konvensiyal* tebliğat* kararan* karargah* karargâh* fərmanlı"""
_ENDING_CHARS = 9

# Words before another that make its kind more particular: (beginning of a word before, kind, kind meant).
MORE_PARTICULAR: tuple[tuple[str, str, str], ...] = (
    ("executive", "order", "executive_order"),
    ("fuerza", "law", "decree"),
    ("presidential", "order", "presidential_order"),
    ("président", "order", "presidential_order"),
    ("суд", "decision", "court_decision"),
    ("суд", "resolution", "court_decision"),
    ("court", "decision", "court_decision"),
    ("məhkəmə", "decision", "court_decision"),
    ("mahkeme", "decision", "court_decision"),
)

NUMBERED_ONLY = _set_of("act acts statement statements положение положения положением order orders")
"""They mean too much else to count beside a date alone."""

LINKS = _set_of("""of the and dated from on in no no. n° nº nr nr. № de la del du des los las le les et y e
    n и на по о об от г г. года гг год il ili ilin tarixli və ilə ilk tarihli tarih ve ile sayılı nömrəli li lı""")
"""Words in lower case that may stand between the word for a kind and its number or date."""

OWN = re.compile(
    r"(?<!\w)(?:this|these|the present|the said|said|such|every|any|each|hazırkı|hazirki|bu|işbu|hər|her|настоящ\w{2,4}|данн\w{2,4}|эт\w{1,3}|ce|cet|cette|ces|la présente|le présent|présent|présente|du présent|présents|este|esta|estas|estos|la presente|el presente|presente|dicho|dicha)\s{1,3}$"
)
"""Ends before a word that names the very text it stands in, or one named before."""

DATE_LINK = re.compile(
    r"(?:^|\s|,|\()(?:of|dated|from|adopted (?:on|in)|signed (?:on|in)|issued (?:on|in)|passed (?:on|in)|du|en date du|le|de|del|de fecha|fecha|от|принят\w{1,4}|vom)(?:\s(?:the|its))?\s{0,3}$"
)
"""Ends between the word for the kind and its date, where the date follows."""
DONE_AT = re.compile(
    r"(?<!\w)(?:done|made|signed|concluded|adopted|faite?|signée?|conclue?|adoptée?|hech[oa]|firmad[oa]|suscrit[oa]|adoptad[oa]) (?:at|in|à|en) [^\W\d_]{2,20}(?: [^\W\d_]{2,20})?,? ?(?:on |le |el )?$"
)
"""Ends before the date on which a treaty was signed: `Convention …, faite à Paris, le`."""
DATE_LOOSE = re.compile(r"^\s{1,3}(?:on|in|el|le)\s{1,3}$")
"""All that stands between, where the tie is looser: `decree on February 13, 2014`."""
DATED_BEFORE = re.compile(
    r"^[-–’']?(?:c[iıuü]|nc[iıuü])?[ \s]{0,2}(?:il\s{1,2})?(?:tarix(?:li|də|ində)|tarih(?:li|inde|i)|günlü|gün ve|tarixl[iı])(?!\w)"
)
"""Begins after a date that belongs to what follows: `13 fevral 2014-cü il tarixli`."""
GAZETTE = re.compile(
    r"resm[iî] gazete|mükerrer|qəzet|gazette|gaceta|bolet[ií]n oficial|journal officiel|собрание законодательства|diario oficial"
)
"""Where an instrument was published: date and number beside it are those of the paper."""
ISSUING = re.compile(
    r"(?<!\w)(?:adopt(?:ed|s|ing)|pass(?:ed|ing)|issu(?:ed|es|ing)|sign(?:ed|s|ing)|enact(?:ed|ing)|promulgat(?:ed|ing)|approv(?:ed|ing)"
    r"|adopt(?:é|ée|és|ées|a|ait|ant)|sign(?:é|ée|a|ait|ant)|promulgu(?:é|ée|a|ait|ant)|pr(?:is|ise|it)|publi(?:é|ée|a)|rend(?:u|ue|it)"
    r"|adopt(?:ó|aron|ada|ado|ando)|aprob(?:ó|aron|ada|ado)|firm(?:ó|aron|ada|ado)|promulg(?:ó|aron|ada|ado)|dict(?:ó|aron|ada|ado)|expidió|sancion(?:ó|ada|ado)|emitió"
    r"|приня(?:л|ла|ло|ли|т|та|то|ты|тая|тое|тый|той|того)|подписа(?:л|ла|ли|н|на|но|ны|нный|нное|нная|нного)|изда(?:л|ла|ло|ли|н|но|на|нный|нное)|утверди(?:л|ла|ли)|вын(?:ес|есла|если|есено)"
    r"|qəbul (?:et|ed|olun|edil)\w{0,10}|imzala\w{0,9}|imzalan\w{0,9}|ver(?:di|diyi|mişdir|ib|miş|ilmiş|ilib|ilən)"
    r"|kabul (?:et|ed|olun|edil)\w{0,10}|yayiml\w{0,9}|onayla\w{0,9})(?!\w)"
)
"""A verb by which instruments come to be, searched in what `plain` makes of the text."""
ISSUING_NEAR_CHARS = 45
"""How far from the word for the kind such a verb may stand."""

BODIES: tuple[tuple[str, str, str], ...] = (
    ("security council", "UN", "UN Security Council"),
    ("general assembly", "UN", "UN General Assembly"),
    ("assemblée générale des nations unies", "UN", "UN General Assembly"),
    ("генеральной ассамбле", "UN", "UN General Assembly"),
    ("совета безопасности", "UN", "UN Security Council"),
    ("güvenlik konseyi", "UN", "UN Security Council"),
    ("baş assambleya", "UN", "UN General Assembly"),
    ("human rights council", "UN", "UN Human Rights Council"),
    ("european parliament", "EU", "European Parliament"),
    ("parlement européen", "EU", "European Parliament"),
    ("parlamento europeo", "EU", "European Parliament"),
    ("европейского парламента", "EU", "European Parliament"),
    ("avropa parlament", "EU", "European Parliament"),
    ("avrupa parlament", "EU", "European Parliament"),
    ("parliamentary assembly of the council of europe", "CE", "Parliamentary Assembly of the Council of Europe"),
    ("united states congress", "US", "Congress of the United States"),
    ("u.s. congress", "US", "Congress of the United States"),
    ("milli majlis", "AZ", "Milli Məclis"),
)  # fmt: skip
"""Bodies as running text names them, beside those of describe.issuers: words as `plain` makes
them, whose, and the name shown."""

BODY = re.compile(
    r"(?:National Assembly|Parliamentary Assembly|Parliament|Senate|House of Representatives|Congress|President|Government|Cabinet of Ministers|Council of Ministers|Supreme (?:Court|Soviet)|Constitutional Court|Ministry of [A-Z][a-z]{2,20}|Milli Majlis|State Duma)"
    r"(?: of (?:the )?[A-Z][a-z]{2,20}(?: of)?(?: [A-Z][a-z]{2,20}){0,3})?"
)
"""A body as English texts write it, where the table of issuers has no row for it."""

_WORD_OF: dict[str, ActWord] = {}


def _add(table: str, weak: bool) -> None:
    for line in table.strip().splitlines():
        kind, *forms = line.split()
        for form in forms:
            _WORD_OF.setdefault(plain(form), ActWord(kind, weak))


_add(_STRONG, weak=False)
_add(_WEAK, weak=True)
_NONE = frozenset(plain(form) for form in _NOT_WORDS.split())


def act_word(word: str) -> ActWord | None:
    """Return what *word*, as `plain` makes it, names; None for every other word."""
    if word in _WORD_OF:
        return _WORD_OF[word]
    for cut in range(min(len(word) - 2, _ENDING_CHARS + 1)):
        stem = word[: len(word) - cut] + "*"
        if stem in _WORD_OF:
            return None if _is_other(word) else _WORD_OF[stem]
    return None


def _is_other(word: str) -> bool:
    return word in _NONE or any(word[:n] + "*" in _NONE for n in range(4, len(word) + 1))
