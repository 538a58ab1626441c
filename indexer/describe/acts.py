"""The words by which an act says what it is, by language and leaf of the kinds.

Three tables. OPENINGS: how the line begins that names the kind (`Decreto 666/2001`,
`УКАЗ`, `Loi n° …`). ENDINGS: how a title ends where the word stands last (`… KANUNU`,
`… haqqında Azərbaycan Respublikasının Qanunu`). FORMULAS: what is said where something
is enacted, and nowhere else. Order within a table matters: the first match names the kind.
"""

import re
from dataclasses import dataclass

from indexer.describe.cyrillic_az import latin


@dataclass(frozen=True, slots=True)
class Opening:
    """One way a kind is named."""

    kind: str
    pattern: re.Pattern[str]
    alone: bool = False
    """The word is too common to count unless the line holds little else."""


_ACCENTS = {"á": "[aá]", "à": "[aà]", "â": "[aâ]", "é": "[eé]", "è": "[eè]", "ê": "[eê]", "í": "[ií]", "ó": "[oó]", "ô": "[oô]", "ú": "[uú]", "ñ": "[nñ]", "ã": "[aã]"}  # fmt: skip


def _unaccented(pattern: str) -> str:
    """Let capitals go without accents: `RESOLUCION`, `DECRET`."""
    written, inside = [], False
    for sign in pattern:
        inside = (inside or sign == "[") and sign != "]"
        written.append(sign if inside else _ACCENTS.get(sign, sign))
    return "".join(written)


def _rows(kind: str, *patterns: str, alone: bool = False) -> list[Opening]:
    return [
        Opening(kind, re.compile(_unaccented(pattern), re.IGNORECASE), alone)
        for pattern in patterns
    ]


_END = r"(?![^\W_])"

OPENINGS: tuple[Opening, ...] = (
    *_rows(
        "constitution",
        r"(?:the )?(?:political )?constitution (?:of|act)\b",
        r"(?:la )?constitución (?:de|política|nacional|española)\b",
        r"(?:la )?constitution (?:coordonnée|du|de|fédérale|française)\b",
        r"constituição (?:da|política|federal)\b",
        r"(?:legge costituzionale|costituzione della)\b",
        r"(?:bundesverfassung|grundgesetz|bundes-verfassungsgesetz|grondwet|grunnlov|grundlov|regeringsform)" + _END,
        r"конституц[иі][яію] (?:российской|україни|республики|республіки|казах|кыргыз|туркмен|узбек|ссср|рсфср|монгол)",
        r"конституц[іи]я (?:[^\W\d_]+ ){1,2}(?:республики|сср)" + _END,
        r"(?:azərbaycan respublikasının|naxçıvan muxtar respublikasının)? ?konstitusiyası" + _END,
        r"türkiye cumhuriyeti anayasası",
        r"(?:eesti vabariigi )?põhiseadus" + _END,
        r"(?:latvijas republikas )?satversme" + _END,
        r"lietuvos respublikos konstitucija",
        r"konstytucja rzeczypospolitej|ústava (?:slovenskej|české)|constituția româniei|suomen perustuslaki",
        r"bunreacht na h",
        r"σύνταγμα της|სამცხე|საქართველოს კონსტიტუცია",
        r"دستور (?:جمهورية|المملكة|دولة)|قانون اساسی",
    ),
    *_rows(
        "general_comment",
        r"(?:joint )?general (?:comment|recommendation)s? ?(?:/ ?general (?:comment|recommendation) )?n(?:o|º|°|umber)",
        r"joint general (?:comment|recommendation)",
        r"observation générale n|recommandation générale n|observación general n|recomendación general n|замечание общего порядка|общая рекомендация",
    ),
    *_rows(
        "executive_order",
        r"(?:emergency |city of [a-z ]{3,30} )?executive order" + _END,
        r"mayoral (?:executive )?order" + _END,
    ),
    *_rows("grand_ducal_regulation", r"r[eè]glement grand[- ]ducal" + _END),
    *_rows(
        "presidential_order",
        r"распоряжение президента",
        r"розпорядження президента",
        r"presidential (?:order|memorandum|determination|instruction)" + _END,
    ),
    *_rows(
        "court_decision",
        r"(?:supreme |constitutional |high |federal |european )*court (?:of|for)\b.{0,60}\b(?:judgment|decision|ruling)",
        r"(?:judgment|opinion) of the court" + _END,
        r"(?:supreme court of the united states|european court of human rights|international court of justice)$",
        r"(?:решение|постановление|определение|приговор) (?:\w+ ){0,2}(?:суд|конституционного)",
        r"(?:определение|приговор)(?: от\b|$)",
        r"(?:arrêt|jugement) (?:n°|du|de la cour|de cour)" + _END,
        r"(?:urteil|beschluss) (?:des|vom|im namen)\b.{0,80}gericht",
        r"sentencia (?:n|de|del)" + _END,
        r"sentencia (?:c-|t-|su-)?\d",
        r"(?:conseil d['’]état|cour de cassation|conseil constitutionnel|cour constitutionnelle)(?: ?[-,–].{0,60})?$",
        r"tribunal (?:supremo|constitucional)" + _END,
        r"anayasa mahkemesi kararı|yargıtay|danıştay",
    ),
    *_rows(
        "code",
        r"(?:civil|criminal|penal|labou?r|tax|family|commercial|administrative|customs|land|water) code" + _END,
        r"code (?:civil|pénal|de commerce|du travail|général|de procédure|de la|des|du|de l)" + _END,
        r"código (?:civil|penal|de|del|procesal|tributario)" + _END,
        r"(?:гражданский|уголовный|трудовой|налоговый|семейный|земельный|водный|лесной|таможенный|жилищный|бюджетный|градостроительный|цивільний|кримінальний|податковий)(?: [а-яё-]+)? кодекс",
        r"кодекс (?:российской|україни|республики|рф|рсфср|законов|об административных)",
        r"(?:bürgerliches|straf|handels|zivil|sozial)gesetzbuch" + _END,
        r"codice (?:civile|penale|di|del|della)" + _END,
        r"burgerlijk wetboek|wetboek van",
    ),
    *_rows(
        "treaty",
        r"(?:treaty|convention|covenant|charter|protocol|agreement) (?:on|of|for|between|concerning|relating|against|to|no)\b",
        r"(?:international|european|framework|additional|optional|universal postal|vienna|geneva|hague) (?:treaty|convention|covenant|charter|agreement|protocol)" + _END,
        r"(?:traité|convention|accord|protocole|pacte|charte) (?:de|d['’]|du|sur|entre|relati|pour|contre|international|européen)",
        r"(?:tratado|convenio|convención|acuerdo|pacto|carta|protocolo) (?:de|sobre|entre|internacional|relativ|para|marco)" + _END,
        r"(?:verdrag|handvest|overeenkomst) (?:tot|inzake|van|betreffende|tussen)" + _END,
        r"(?:vertrag|übereinkommen|abkommen|konvention|charta) (?:zwischen|über|zum|zur|vom|von|der)" + _END,
        r"(?:договор|соглашение|конвенция|протокол|пакт|хартия|устав) (?:между|о|об|по|организации|содружества|снг)" + _END,
        r"(?:договір|угода|конвенція) (?:між|про)" + _END,
        r"milletlerarası (?:andlaşma|anlaşma|sözleşme)" + _END,
        r"(?:ميثاق|معاهدة|اتفاقية|اتفاق|بروتوكول)" + _END,
        r"(?:trattato|convenzione|accordo) (?:di|tra|su|per|europe)" + _END,
    ),
    *_rows(
        "resolution",
        r"(?:draft )?resolution" + _END,
        r"(?:a )?(?:house|senate|joint|concurrent|european parliament|security council|general assembly|human rights council|parliamentary assembly)(?: joint| concurrent)? resolution" + _END,
        r"(?:résolution|resolución|resolução|risoluzione|resolutie|entschließung|resolution)" + _END,
        r"(?:резолюция|резолюція)" + _END,
        r"punto de acuerdo" + _END,
        r"постановление" + _END,
        r"постанова" + _END,
        r"qətnamə" + _END,
        r"[as]/res/\d",
        r"قرار (?:مجلس الأمن|الجمعية العامة|مجلس)",
        r"universal declaration of|déclaration universelle des|declaración universal de|declaração universal dos|dichiarazione universale|allgemeine erklärung der|всеобщая декларация|загальна декларація|powszechna deklaracja|všeobecn[áé] deklar|algemene verklaring|universele verklaring|declarația universală|insan hakları evrensel|insan hüquqları haqqında ümumi|الإعلان العالمي|اعلامیه جهانی",
    ),
    *_rows(
        "decree",
        r"указ" + _END,
        r"(?:real |supremo |legislativo )*decreto(?:s?[ -]?ley|[ -]lei| legislativo| supremo| legge| n)?" + _END,
        r"(?:décret|decret)(?:[ -]loi)?" + _END,
        r"dahir(?: chérifien)?(?: portant loi)? n",
        r"(?:presidential |supreme |royal |legislative )*decree" + _END,
        r"(?:dekret|dekrets|dekretas|uredba|besluit|beschikking|koninklijk besluit|arrêté royal|arrêté du gouvernement)" + _END,
        r"(?:cumhurbaşkanlığı |kanun hükmünde )?kararname(?:si)?" + _END,
        r"(?:azərbaycan respublikası prezidentinin )?fərman[ıi]?" + _END,
        r"مرسوم" + _END,
    ),
    *_rows(
        "order",
        r"приказ" + _END,
        r"указание(?: от\b|$)",
        r"наказ" + _END,
        r"распоряжение" + _END,
        r"розпорядження" + _END,
        r"(?:arrêté|arrete)" + _END,
        r"(?:ministerial |departmental |statutory |general |military |administrative )?order(?: no| in council|\s+\d)",
        r"(?:orden|portaria|despacho)" + _END,
        r"əmr[iı]?" + _END,
        r"bұйрық|бұйрық",
    ),
    *_rows("ordinance", r"(?:ordonnance|ordenanza|ordinance|ordonanț[aă](?: de urgență)?)" + _END),
    *_rows(
        "circular",
        r"(?:circulaire|circular|circolare|rundschreiben|genelge|циркуляр|okólnik|ringkiri)" + _END,
    ),
    *_rows(
        "communique",
        r"tebliğ" + _END,
        r"(?:bəyanat|müraciət)[ıi]?$",
        r"(?:joint |final |press )?communiqu[ée]" + _END,
        r"comunicado(?: conjunto| de prensa)?$|declaración conjunta|déclaration conjointe",
        r"(?:совместное |итоговое )?(?:коммюнике)" + _END,
        r"совместное заявление|заявление (?:президента|правительства|государственной думы|верховного совета|министерства|мид)\b",
        r"(?:joint statement|birgə bəyanat|kommünike)" + _END,
    ),
    *_rows(
        "regulation",
        r"(?:commission |council )?(?:delegated |implementing )?(?:regulation|directive) ?(?:\((?:eu|ec|eec|euratom|eg|ewg)|no|n°|nr|\d|of the)",
        r"yönetmelik" + _END,
        r"(?:règlement|reglamento|regolamento|regulamento)" + _END,
        r"(?:delegierte |durchführungs)?verordnung" + _END,
        r"(?:regeling|reglement|statutory instruments?|saistošie noteikumi|ministru kabineta noteikumi|noteikumi)" + _END,
        r"(?:vabariigi valitsuse )?määrus" + _END,
        r"(?:rozporządzenie|nařízení|nariadenie|valtioneuvoston asetus|asetus|förordning|forskrift|bekendtgørelse)" + _END,
        r"(?:положение|положення|правила|инструкция) (?:о|об|про|по)" + _END,
        r"[^\W\d_ ]+ (?:pilsētas|novada) domes saistošie noteikumi",
    ),
    *_rows(
        "law",
        r"(?:ley|lei)(?: n[°ºo.]| orgánica| general| complementar| \d|$|:|,| de )",
        r"acto legislativo" + _END,
        r"(?:loi)(?:[ -]programme| fédérale| organique| constitutionnelle| de finances| n| du| modifiant| introduisant| portant| relative|$)",
        r"(?:федеральный |конституционный |федеральный конституционный )*закон(?: |$|у)",
        r"(?:bundes|landes)?gesetz" + _END,
        r"(?:legge|lege|ley|lov|lag|laki|lög)(?: n| \d| nr|$| del| privind| om| \()",
        r"(?:wet|rijkswet)" + _END,
        r"(?:ustawa|zákon|zakon|törvény|seadus|likums|įstatymas|ligj)" + _END,
        r"(?:public |federal |an )?act(?: no| of|$| to )",
        r"(?:the )?law of the (?:[a-z]+ )?(?:republic|federation)",
        r"[^\W\d_]*(?:lag|lov) (?:\(\d{4}:\d+\)|om |nr)",
        r"(?:νόμος|ν\. ?\d{3,4}/|закон за|закон о|zakon o|օրենք|заң|заңы|კანონი|lög um|deddf)",
        r"kanun(?: no| numarası| sayısı|$)",
        r"(?:azərbaycan respublikasının )?qanun[ui]?" + _END,
        r"(?:قانون)" + _END,
    ),
    *_rows(
        "decision",
        r"(?:решение|рішення)" + _END,
        r"(?:council |commission |implementing )*decision(?: no| \(| of| \d|$)",
        r"(?:décision|decisión|decisão|decisione|beschluss|besluit|otsus|lēmums|sprendimas|uchwała|rozhodnutí|hotărâre[a]?)" + _END,
        r"qərar[ıi]?" + _END,
        r"karar" + _END,
    ),
    *_rows("presidential_order", r"sərəncam[ıi]?" + _END),
    *_rows("report", r"(?:report of the|annual report|report on|доклад|rapport (?:sur|de|annuel)|informe (?:de|sobre|anual)|hesabat|rapor)" + _END, alone=True),
)  # fmt: skip
"""Matched at the beginning of a line of the heading."""

ENDINGS: tuple[Opening, ...] = (
    *_rows("treaty", r"\barasında\b.{0,90}(?:an[dt]?laşması|sözleşmesi|protokolü|mutabakat zaptı)$", r"\barasında\b.{0,90}(?:sazişi?|müqaviləsi?|protokolu?)$"),
    *_rows("court_decision", r"\bсуда?\b.{0,60} (?:постановление|решение|определение|приговор)$", r"(?:anayasa mahkemesi|yargıtay|danıştay)\b.{0,80}karar[ıi]?$", r"respublikası adından (?:qərar|qətnamə|hökm)[ıi]?$", r"məhkəmə(?:si|sinin)(?: rəyasət heyəti(?:nin)?| plenumu(?:nun)?)? qərar[ıi]?$"),
    *_rows("order", r"nazirlər kabineti(?:nin)? sərəncam[ıi]?$", r"milli məclisi?n sədrinin sərəncamı$"),
    *_rows("presidential_order", r"(?:sədrinin|prezidentinin) sərəncamı$", r"sərəncamı$"),
    *_rows("decree", r"(?:haqqında|barədə|dair)\b.{0,60}fərmanı$", r"heyətinin fərmanı$", r"prezidentinin fərmanı$", r"cumhurbaşkanlığı kararnamesi$"),
    *_rows("constitution", r"konstitusiyası$", r"anayasası$"),
    *_rows("code", r"məcəlləsi$", r"(?<!wetboek van )\bкодекс$", r"gesetzbuch$"),
    *_rows("resolution", r"nazirlər kabineti(?:nin)? qərar[ıi]?$", r"kollegiya(?:sı|sının)? qərar[ıi]?$", r"milli məclisi?(?:nin)? qərar[ıi]?$", r"(?:ali|nazirlər) soveti(?:nin)? qərar[ıi]?$"),
    *_rows("law", r"(?:haqqında|barədə|dair)(?: .{0,60})?qanunu?$", r"\bqanunu$", r"[^\W\d_]{3}laki$", r"įstatymas$", r"törvény$", r"[^\W\d_]{2}lag(?: \(\d{4}:\d+\))?$", r"օրենք(?:ը)?$", r"заңы$", r"\bkanunu?$", r"(?:hakkında|dair) kanun$", r"seadus$", r"likums$", r"wet$", r"[a-zäöü]gesetz$", r"\bact,? (?:\([a-z ]+\) )?(?:1[6-9]|20)\d\d$"),
    *_rows("communique", r"tebliğ(?:i)?(?: \([^()]{3,60}\))?$", r"(?:məclis|nazirliy|sovet)\w{0,4} (?:bəyanatı|müraciəti)$"),
    *_rows("regulation", r"yönetmeliğ?[ik]$", r"asetus$", r"määrus$", r"förordning(?: \(\d{4}:\d+\))?$", r"verordnung$", r"qaydaları?$", r"əsasnaməsi$"),
    *_rows("order", r"nazir(?:liyi)?nin əmri$"),
    *_rows("decision", r"\bqərarı$", r"\bkararı$"),
)  # fmt: skip
"""Searched at the end of a line of the heading."""

FORMULAS: tuple[Opening, ...] = (
    *_rows("executive_order", r"by the authority vested in me as (?:president|mayor|governor).{0,200}(?:hereby )?order", r"by (?:virtue of )?the (?:power|authority) vested in me as (?:mayor|governor)"),
    *_rows("decree", r"постановляю\s*:", r"\bdecreta\s*:?\s*$", r"décrète\s*:", r"en acuerdo general de ministros", r"указую|постановляю"),
    *_rows("law", r"sancionan? (?:y promulga )?con fuerza de", r"be it (?:therefore )?enacted", r"принят государственной думой|одобрен советом федерации", r"mandons et ordonnons que la présente loi", r"l['’]assemblée nationale et le sénat ont", r"верховна рада україни\s+постановляє", r"milli məclisi?\s+qərara alır", r"kabul tarihi\s*:", r"bu qanun (?:azərbaycan|əhali|.{0,80}(?:müəyyən edir|tənzimləyir))", r"enacted by the oireachtas|enacted by the (?:queen|king)"),
    *_rows("order", r"приказываю\s*:?", r"наказую", r"əmr edirəm", r"\barrêtent?\s*:"),
    *_rows("resolution", r"правительство российской федерации\s+постановляет", r"^the (?:general assembly|security council|human rights council|economic and social council),", r"nazirlər kabineti qərara alır"),
    *_rows("regulation", r"has adopted this regulation", r"have adopted this regulation"),
)  # fmt: skip

_LEAD = re.compile(r"^\s*(?:[•►▼]\w{0,3}|\d{1,2} [^\W\d_]{3,10} \d{4}\.? ?[-–])\s*")
_NUMBER_BEHIND = re.compile(r"\s*(?:№|\bN|Ν|#)\s?\d[\w-]{0,8}$")


def _any_of(rows: tuple[Opening, ...]) -> re.Pattern[str]:
    """Return what matches where any of *rows* does: most lines begin and end with none."""
    return re.compile("|".join(f"(?:{row.pattern.pattern})" for row in rows), re.IGNORECASE)


_ANY_OPENING, _ANY_ENDING = _any_of(OPENINGS), _any_of(ENDINGS)


def opening_of(text: str) -> Opening | None:
    """Return the kind that *text* names at its beginning, a date or a mark before it aside."""
    text = latin(_LEAD.sub("", text))
    for row in OPENINGS if _ANY_OPENING.match(text) else ():
        if row.pattern.match(text) and not (row.alone and len(text) > 90):
            return row
    return None


def ending_of(text: str) -> Opening | None:
    """Return the kind that *text* names at its end, a number behind it aside."""
    text = latin(_NUMBER_BEHIND.sub("", text[-200:]))
    if not _ANY_ENDING.search(text):
        return None
    return next((row for row in ENDINGS if row.pattern.search(text)), None)
