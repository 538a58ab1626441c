"""Who issues documents: the phrases they are known by and the country they issue for.

A row is `code | name | pattern`. An empty name: the words found are the name. Subnational
issuers roll up to their country. `STATES` are told by their own name in the phrase and
need no row: `Ministry of … of the Republic of X`, `Правительство Республики X`.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.describe.cyrillic_az import latin
from indexer.describe.sheet import Line, fold


@dataclass(frozen=True, slots=True)
class Issuer:
    """One body or family of bodies."""

    country: str
    name: str
    """As shown; empty where the words found are shown."""
    pattern: re.Pattern[str]
    needles: tuple[str, ...]
    """One of them, folded, stands in every match; looked for first, since that is fast."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A body named in a line."""

    issuer: Issuer
    words: str
    line: Line
    index: int
    """Of the line within its part."""
    start: int
    """Of the words within the line."""


_TABLE = r"""
UN | UN General Assembly | \bgeneral assembly of the united nations|united nations general assembly|^(?:the )?general assembly,?$|[aA]/RES/\d|генеральная ассамблея(?: оон)?|assemblée générale des nations|asamblea general de las naciones|bm genel kurul|bmt baş assambleya
UN | UN Security Council | united nations security council|^(?:the )?security council,?$|S/RES/\d|совет безопасности|conseil de sécurité|consejo de seguridad|təhlükəsizlik şurası|bm güvenlik konseyi|مجلس الأمن
UN | United Nations | ^الأمم المتحدة$|^الجمعية العامة$|^объединённых наций$|^организация объединённых наций$|^birləşmiş millətlər təşkilatı$|^baş assambleya$|^assemblée générale$|^asamblea general$|^general assembly(?: - security council)?$|^genel kurul$
UN | UN Committee on Economic, Social and Cultural Rights | committee on economic,? social and cultural rights|^E/C\.12/
UN | UN Human Rights Committee | ^CCPR/|human rights committee
UN | UN Committee on the Rights of the Child | committee on the rights of the child|^CRC/C/
UN | UN Committee on the Elimination of Discrimination against Women | committee on the elimination of (?:all forms of )?discrimination against women|^CEDAW/
UN | UN Committee on the Elimination of Racial Discrimination | committee on the elimination of (?:all forms of )?racial discrimination|^CERD/
UN | UN Committee against Torture | committee against torture|^CAT/(?:C|OP)
UN | UN Committee on the Rights of Persons with Disabilities | committee on the rights of persons with disabilities|^CRPD/
UN | UN Committee on Enforced Disappearances | committee on enforced disappearances|^CED/C
UN | UN Committee on Migrant Workers | committee on the protection of the rights of all migrant workers|^CMW/C
UN | UN Human Rights Council | human rights council|^A/HRC/
UN | UN Economic and Social Council | economic and social council|^E/RES/|^E/(?:19|20)\d\d/
UN | UNESCO | \bunesco\b general conference
UN | United Nations | ^united nations$|^nations unies$|^naciones unidas$|^организация объединенных наций$|^birleşmiş milletler$|^hri/gen|universal declaration of human rights|déclaration universelle des droits|declaración universal de (?:los )?derechos|всеобщая декларация прав|declaração universal dos direitos|ümumi bəyannaməsi|загальна декларація прав|insan hakları evrensel|insan hüquqları haqqında ümumi|allgemeine erklärung der menschenrechte|dichiarazione universale dei diritti|الإعلان العالمي لحقوق
EU | European Parliament and Council | european parliament and (?:of )?the council|parlement européen et du conseil|europäischen parlaments und des rates|parlamento europeo y del consejo
EU | European Commission | ^(?:the )?european commission,?$|commission (?:implementing|delegated) regulation|commission decision
EU | Council of the European Union | council of the european (?:union|communities|economic community)|conseil de l['’]union européenne|consejo de la unión europea|^council (?:regulation|decision|directive)|of the european economic community
EU | European Parliament | european parliament resolution|résolution du parlement européen|resolución del parlamento europeo|^le parlement européen,|^el parlamento europeo,
EU | European Union | regulation \((?:eu|ec|eec)\)|directive \(eu\)|official journal of the european (?:union|communities)|verordnung \((?:eu|eg|ewg)\)|règlement \((?:ue|ce|cee)\)|reglamento \((?:ue|ce)\)
CE | Council of Europe | \bcouncil of europe\b|conseil de l['’]europe|совет\w? европы|avropa şurası|avrupa konseyi|parliamentary assembly of the council of europe|council of europe treaty|committee of ministers of the council of europe
OSCE | OSCE | organization for security and co-?operation in europe|conference on security and co-?operation in europe|sécurité et la coopération en europe|обсе
OIC | Organisation of Islamic Cooperation | organi[sz]ation of (?:the )?islamic (?:cooperation|conference)|منظمة التعاون الإسلامي|منظمة المؤتمر الإسلامي|islamic summit conference|исламского сотрудничества|islam əməkdaşlıq təşkilatı
NATO | NATO | north atlantic (?:council|treaty organi[sz]ation)
AU-AFR | African Union | african union|assembly of heads of state and government of the (?:oau|african)
OAS | Organization of American States | organization of american states|organización de (?:los )?estados americanos
CIS | Commonwealth of Independent States | содружеств[оа] независимых государств|commonwealth of independent states
EAEU | Eurasian Economic Commission | евразийск\w{2} экономическ\w{2} (?:комисси|союз)|eurasian economic (?:commission|union)
NAM | Non-Aligned Movement | non-aligned (?:movement|countries)
OTS | Organization of Turkic States | organization of turkic states|türk dövlətləri təşkilatı|türk devletleri teşkilatı
US | President of the United States | the white house|vested in me as president by the constitution and the laws of the united states|federal register|president of the united states|my fellow americans|american people|these united states|constitution of the united states|president-elect|chief justice (?:roberts|rehnquist|burger|warren|vinson|taft|hughes|fuller|white)|mr\. chief justice|joint session of (?:the )?congress
US | Congress of the United States | senate and house of representatives of the united states|(?:one )?hundred .{0,30}congress|^\d{2,3}(?:st|nd|rd|th) congress$|in the senate of the united states|public law \d+|congress of the united states
US | Mayor of New York | the city of new york|office of the mayor|as mayor of|nyc\.gov
US |  | (?:state of|legislature of(?: the state of)?|governor of|commonwealth of) (?:alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri|montana|nebraska|nevada|new hampshire|new jersey|new mexico|new york|north carolina|north dakota|ohio|oklahoma|oregon|pennsylvania|rhode island|south carolina|south dakota|tennessee|texas|utah|vermont|virginia|washington|west virginia|wisconsin|wyoming)
GB | Scottish Parliament | scottish parliament|\basp \d
GB | Northern Ireland Assembly | northern ireland assembly
GB | Senedd Cymru | senedd cymru|national assembly for wales
GB | Parliament of the United Kingdom | lords spiritual and temporal|parliament of the united kingdom|her majesty's stationery|legislation\.gov\.uk
IE | Oireachtas | oireachtas|irishstatutebook|bunreacht na h
AU | Government of Australia | australian (?:government|parliament)|commonwealth of australia|department of external affairs|high commissioner for australia|parliament of australia|\bAA ?: ?[AM]\d{2,5}
CA | Parliament of Canada | parliament of canada|house of commons of canada|government of canada|gouvernement du canada
NZ | New Zealand Parliament | new zealand (?:parliament|government)
IN | Parliament of India | parliament of india|republic of india|government of india
ZA | Parliament of South Africa | republic of south africa
AZ | Milli Məclis | azərbaycan respublikasının milli məclisi|milli məclis\w{0,6}|милли меджлис\w{0,2}
AZ | Azərbaycan Respublikasının Prezidenti | azərbaycan respublikası(?:nın)? prezident\w{0,4}|president of the republic of azerbaijan
AZ | Azərbaycan Respublikasının Nazirlər Kabineti | azərbaycan respublikası(?:nın)? nazirlər kabinet\w{0,4}|nazirlər kabinet\w{0,4}
AZ | Naxçıvan Muxtar Respublikası Ali Məhkəməsi | naxçıvan muxtar respublikası(?:nın)? ali məhkəmə\w{0,8}
AZ | Naxçıvan Muxtar Respublikası Ali Məclisinin Sədri | naxçıvan muxtar respublikası(?:nın)? ali məclisi\w{0,3}(?: sədri\w{0,4})?
AZ |  | azərbaycan respublikası(?:nın)? [^\W\d_]{3,20}(?: [^\W\d_]{3,20}){0,3} (?:nazirliyi|məhkəməsi|komitəsi|komissiyası|agentliyi|xidməti)
AZ | Azərbaycan SSR Ali Soveti | azərbaycan (?:ssr|sovet sosialist respublikası(?:nın)?) ali sovet\w{0,5}|azərbaycan respublikası(?:nın)? ali sovet\w{0,5}
AZ | Azərbaycan SSR Nazirlər Soveti | azərbaycan ssr nazirlər sovet\w{0,5}
AZ | Azərbaycan Respublikası | azərbaycan respublikası\w{0,6}|azərbaycan ssr\w{0,3}|naxçıvan\w{0,5}
TR | Türkiye Büyük Millet Meclisi | türkiye büyük millet meclisi|\btbmm\b|kanun (?:numarası|no)\s*:|resm[iî] gazete.{0,40}kanun
TR | T.C. Cumhurbaşkanlığı | cumhurbaşkanlığı|cumhurbaşkanı kararı|cumhurbaşkanı\b
TR |  | [^\W\d_ ]{2,20}(?: [^\W\d_]{1,20},?){0,5} (?:bakanlığı|kurumu|kurulu|üniversitesi|başkanlığı|müdürlüğü|bankası)(?=n[dt]an)
TR | Türkiye Cumhuriyeti | türkiye cumhuriyeti|resm[iî] gazete|\bt\.c\.
RU | Президент Российской Федерации | президент\w{0,2} российской федерации|указ президента рф|москва, кремль
RU | Правительство Российской Федерации | правительств\w{0,2} российской федерации|правительство рф
RU | Государственная Дума | государственн\w{2,3} дум\w{1,2}|федеральный закон
RU |  | министерств\w{1,2} [^\W\d_]{3,20}(?:,? [^\W\d_]{1,20}){0,7} российской федерации|государственная комиссия [^\W\d_]{2,20}(?: [^\W\d_]{1,20}){0,6}
RU | Российская Федерация | российск\w{2,3} федераци\w|\bрсфср\b|собрание законодательства
UA | Верховна Рада України | верховн\w{2,3} рад\w{1,2}
UA | Кабінет Міністрів України | кабінет\w{0,2} міністрів україни
UA | Президент України | президент\w{0,2} україни
BY | Национальное собрание Республики Беларусь | республик[аи] беларусь|рэспублік[аі] беларусь
KZ | Парламент Республики Казахстан | республик[аи] казахстан|қазақстан республикасы\w{0,4}
KG | Жогорку Кенеш | кыргызской республики|жогорку кенеш
UZ | Oliy Majlis | oʻ?zbekiston respublikasi|республики узбекистан
GE | Parliament of Georgia | საქართველოს|parliament of georgia
AM | National Assembly of Armenia | republic of armenia|հայաստանի հանրապետության
SUHH | Верховный Совет СССР | верховн\w{2,3} совет\w{0,2} ссср
SUHH | Совет Министров СССР | совет\w{0,2} министров (?:союза )?ссср
SUHH | Союз ССР | союз\w? советских социалистических|президент\w? (?:союза )?ссср
FR | Parlement français | l['’]assemblée nationale et le sénat ont|l['’]assemblée nationale a adopté|le sénat a adopté|journal officiel de la république française|légifrance
FR | République française | république française|republique francaise|peuple français|peuple francais|\bjorf n|\bnor ?: ?[a-z]{4}\d{7}|conseil constitutionnel|territoires? (?:français|d['’]outre-mer)
LU | Grand-Duché de Luxembourg | grand-?duché de luxembourg|grande?-?duc(?:hesse)? de luxembourg|règlement grand-ducal|palais de luxembourg|château de berg|\bmémorial\b.{0,60}luxembourg
BE | Royaume de Belgique | moniteur belge|belgisch staatsblad|roi des belges|koning der belgen|gouvernement flamand|vlaamse regering|communauté française|région wallonne|gouvernement wallon|ejustice|région de bruxelles
CH | Schweizerische Eidgenossenschaft | schweizerische[nr]? eidgenossenschaft|schweizerische bundesrat|confédération suisse|confederazione svizzera|fedlex|admin\.ch
DE | Bundesrepublik Deutschland | bundesrepublik deutschland|deutschen? bundestag\w{0,2}|bundesgesetzblatt|der bundestag hat
AT | Republik Österreich | republik österreich|bundesgesetzblatt für die republik österreich|nationalrat hat beschlossen
LI | Fürstentum Liechtenstein | fürstentum liechtenstein
NL | Koninkrijk der Nederlanden | koninkrijk der nederlanden|koning der nederlanden|koningin der nederlanden|staten-generaal|staatscourant|wetten\.overheid|BWBR\d{7}|prins(?:es)? van oranje-nassau|\bnederland(?:se)?\b|^ministerie van|\bstcrt\b|minister van binnenlandse zaken
ES | Cortes Generales | boletín oficial del estado|cortes generales|reino de españa|\bboe\b|juan carlos i|felipe vi
AR | Honorable Congreso de la Nación Argentina | congreso de la nación argentina|senado y cámara de diputados de la nación argentina|congreso argentino
AR | Poder Ejecutivo Nacional | presidente de la nación argentina|poder ejecutivo nacional|bs\. ?as\.,|infoleg|del registro oficial y archívese|ciudad (?:autónoma )?de buenos aires
AR | Nación Argentina | nación argentina|república argentina|buenos aires,
UY | Asamblea General de Uruguay | república oriental del uruguay|\bimpo\b|senado y la cámara de representantes de la república oriental
CL | República de Chile | república de chile|congreso nacional de chile|diario oficial de la república de chile|biblioteca del congreso nacional|santiago, \d{1,2} de|\bbcn\b
CO | República de Colombia | república de colombia|congreso de colombia|congreso de la república de colombia|bogotá|suin-juriscol|cundinamarca
MX | Estados Unidos Mexicanos | estados unidos mexicanos|congreso de la unión|diario oficial de la federación
PE | Congreso de la República del Perú | república del perú|diario oficial el peruano
BO | Estado Plurinacional de Bolivia | estado plurinacional de bolivia|república de bolivia
EC | República del Ecuador | república del ecuador
PY | República del Paraguay | república del paraguay|nación paraguaya
VE | República Bolivariana de Venezuela | república (?:bolivariana )?de venezuela
CU | República de Cuba | república de cuba
HN | Congreso Nacional de Honduras | república de honduras
GT | Congreso de la República de Guatemala | república de guatemala
BR | República Federativa do Brasil | república federativa do brasil|congresso nacional decreta|diário oficial da união|presidência da república casa civil
PT | República Portuguesa | assembleia da república|república portuguesa|diário da república
IT | Repubblica Italiana | repubblica italiana|gazzetta ufficiale
RO | Parlamentul României | parlamentul româniei|monitorul oficial|guvernul româniei
MD | Parlamentul Republicii Moldova | republicii moldova
PL | Sejm | rzeczypospolitej polskiej|dziennik ustaw|\bdz\. ?u\.|\bsejm\w{0,3}\b
SK | Národná rada Slovenskej republiky | slovenskej republiky|zbierka zákonov|slov-lex
CZ | Parlament České republiky | české republiky|sbírka zákonů
HU | Országgyűlés | magyarország|magyar közlöny|országgyűlés
LV | Saeima | saeima|latvijas republikas?|likumi\.lv|latvijas vēstnesis|pilsētas dome\w{0,3}|novada dome\w{0,3}
EE | Riigikogu | riigikogu|eesti vabariigi|riigi teataja|vabariigi valitsus
LT | Lietuvos Respublikos Seimas | lietuvos respublikos
FI | Eduskunta | eduskunnan|suomen säädöskokoelma|finlex|valtioneuvosto|tasavallan presiden
SE | Sveriges riksdag | svensk författningssamling|riksdagen|\bsfs \d{4}:\d
DK | Folketinget | folketinget|lovtidende|retsinformation
NO | Stortinget | stortinget|lovdata
IS | Alþingi | alþingi
GR | Βουλή των Ελλήνων | ελληνική δημοκρατία|βουλή των ελλήνων
BG | Народно събрание | народно събрание|република българия
RS | Народна скупштина | republike srbije|републике србије
HR | Hrvatski sabor | hrvatski sabor|republike hrvatske
SI | Državni zbor | državni zbor|republike slovenije
BA | Bosna i Hercegovina | bosne i hercegovine|bosnia and herzegovina
IL | Knesset | \bthe knesset|הכנסת
IR | Islamic Republic of Iran | مجلس شورای اسلامی|جمهوری اسلامی ایران|islamic republic of iran
PK | Parliament of Pakistan | islamic republic of pakistan|senate of pakistan|national assembly of pakistan
EG | جمهورية مصر العربية | جمهورية مصر العربية
SA | المملكة العربية السعودية | المملكة العربية السعودية
AE | الإمارات العربية المتحدة | دولة الإمارات العربية المتحدة
JO | المملكة الأردنية الهاشمية | المملكة الأردنية
MA | Royaume du Maroc | royaume du maroc|المملكة المغربية
TN | République tunisienne | république tunisienne|الجمهورية التونسية
DZ | République algérienne | république algérienne|الجمهورية الجزائرية
CN | 全国人民代表大会 | people's republic of china|中华人民共和国
JP | 国会 | 日本国|法律第
KR | 국회 | 대한민국
"""

STATES = frozenset({"Azərbaycan Respublikası", "Türkiye Cumhuriyeti", "Российская Федерация", "République française", "Nación Argentina", "República de Chile", "República de Colombia", "Estados Unidos Mexicanos", "Royaume de Belgique", "Repubblica Italiana", "Bundesrepublik Deutschland", "United Nations", "European Union"})  # fmt: skip
"""Among the names of the table, those of whole states and unions: shown where no body of theirs is named."""

# Whatever is not a letter that must be there: groups, classes, escapes, optional letters.
_UNSURE = re.compile(
    r"(?:\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\]|\\[wWdDsSbB.]|.(?=[?*{])|[\^$.])(?:[?*+]|\{[\d,]+\})?"
)


def _needle(branch: str) -> str:
    return max((part for part in re.split(_UNSURE, branch)), key=len)


def _needles(pattern: str) -> tuple[str, ...]:
    """Return for each alternative its longest run of plain letters, or those of a group that has better."""
    branches, depth, start = [], 0, 0
    for place, sign in enumerate(pattern):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and depth == 0:
            branches.append(pattern[start:place])
            start = place + 1
    branches.append(pattern[start:])
    found: list[str] = []
    for branch in branches:
        needle = _needle(branch)
        groups = (
            [group.split("|") for group in _GROUP.findall(branch)] if len(needle) < _SHORT else []
        )
        found += max(groups, key=lambda group: min(map(len, group)), default=[needle])
    return tuple(fold(needle) for needle in found)


_SHORT = 4
_GROUP = re.compile(r"\((?:\?:)?([^()\[\]?*+.\\]+)\)(?![?*{])")


def _issuers() -> tuple[Issuer, ...]:
    rows = []
    for row in _TABLE.strip().splitlines():
        country, name, pattern = (part.strip() for part in row.split("|", 2))
        compiled = re.compile(pattern, re.IGNORECASE | re.MULTILINE)
        rows.append(Issuer(country, name, compiled, _needles(pattern)))
    return tuple(rows)


_LETTERHEAD = 0.6
ISSUERS: tuple[Issuer, ...] = _issuers()
"""Order matters within a line: the more particular body stands first."""


_NEEDLES = [(needle, row) for row in ISSUERS for needle in row.needles]


def rows_in(folded: str) -> list[Issuer]:
    """Return the rows whose body a text may name, in their order; folded by `sheet.fold`."""
    found = [row for needle, row in _NEEDLES if needle in folded]
    return [row for at, row in enumerate(found) if at == 0 or row is not found[at - 1]]


def sightings(lines: tuple[Line, ...]) -> list[Sighting]:
    """Return the bodies that *lines* name, in order of place; of one line and country the first row counts."""
    written = "\n".join(line.text for line in lines)
    text = latin(written)
    folded = fold(text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.text) + 1)
    seen: dict[tuple[int, str], Sighting] = {}
    for row in rows_in(folded):
        for found in row.pattern.finditer(text):
            index = _index(starts, found.start())
            key = (index, row.country)
            if key not in seen and "\n" not in found[0]:
                seen[key] = Sighting(
                    row,
                    written[found.start() : found.end()],
                    lines[index],
                    index,
                    found.start() - starts[index],
                )
    return sorted(seen.values(), key=lambda sighting: (sighting.index, sighting.start))


def _index(starts: list[int], place: int) -> int:
    return bisect_right(starts, place) - 1


def is_body(text: str) -> bool:
    """Return whether *text* is the name of a body and little else: a line of a letterhead."""
    text = latin(text)
    folded = fold(text)
    for row in rows_in(folded):
        found = row.pattern.search(text)
        if found and len(found[0].strip()) >= _LETTERHEAD * len(text.strip()):
            return True
    return False


def in_words(text: str) -> Iterator[tuple[Issuer, str]]:
    """Give the bodies that a short text names, a metadatum for instance."""
    for row in ISSUERS:
        if found := row.pattern.search(text):
            yield row, found[0]
