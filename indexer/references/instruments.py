"""Instruments that texts refer to by name alone: data.

A row is `name | kind | country | number | date | forms`; forms are parted by `/`, written as
`words.plain` makes them; `*` stands for up to five letters. A constitution is named with its
country, an act of a common-law parliament with its year: they need no row.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias

from indexer.describe.sheet import letters_of
from indexer.references.words import plain


@dataclass(frozen=True, slots=True)
class Instrument:
    """One instrument with the names it goes by."""

    name: str
    kind: str
    country: str
    number: str
    """Canonical; empty where it bears none."""
    date: str
    forms: tuple[tuple[str, re.Pattern[str]], ...]
    """A piece that stands in every match, looked for first, and the whole."""


_TABLE = """
Universal Declaration of Human Rights | resolution | UN | A/RES/217(III)A | 1948-12-10 | universal declaration of human rights/déclaration universelle des droits de l'homme/déclaration universelle des droits de l’homme/declaración universal de derechos humanos/declaración universal de los derechos humanos/всеобщ* деклараци* прав человека/insan hüquqlari haqqinda ümumi bəyannamə*/ümumdünya insan hüquqlari bəyannamə*/insan haklari evrensel beyanname*
Charter of the United Nations | treaty | UN | | 1945-06-26 | charter of the united nations/united nations charter/un charter/charte des nations unies/carta de las naciones unidas/устав* организации объединенных наций/устав* оон/bmt nizamnamə*/birləşmiş millətlər təşkilatinin nizamnamə*/bm şarti/birleşmiş milletler şarti/birleşmiş milletler antlaşma*
International Covenant on Civil and Political Rights | treaty | UN | | 1966-12-16 | international covenant on civil and political rights/pacte international relatif aux droits civils et politiques/pacto internacional de derechos civiles y políticos/международн* пакт* о гражданских и политических правах/mülki və siyasi hüquqlar haqqinda beynəlxalq pakt*/medeni ve siyasi haklara ilişkin uluslararasi sözleşme*/kişisel ve siyasal haklar uluslararasi sözleşme*
International Covenant on Economic, Social and Cultural Rights | treaty | UN | | 1966-12-16 | international covenant on economic, social and cultural rights/pacte international relatif aux droits économiques, sociaux et culturels/pacto internacional de derechos económicos, sociales y culturales/международн* пакт* об экономических, социальных и культурных правах/iqtisadi, sosial və mədəni hüquqlar haqqinda beynəlxalq pakt*/ekonomik, sosyal ve kültürel haklar uluslararasi sözleşme*
European Convention on Human Rights | treaty | CE | | 1950-11-04 | european convention on human rights/european convention for the protection of human rights and fundamental freedoms/convention for the protection of human rights and fundamental freedoms/convention européenne des droits de l'homme/convention européenne des droits de l’homme/convention de sauvegarde des droits de l'homme/convention de sauvegarde des droits de l’homme/convenio europeo de derechos humanos/convenio europeo para la protección de los derechos humanos/конвенци* о защите прав человека и основных свобод/insan hüquqlari haqqinda avropa konvensiya*/insan hüquqlarinin və əsas azadliqlarin müdafiəsi haqqinda konvensiya*/avropa insan hüquqlari konvensiya*/avrupa insan haklari sözleşme*
Convention on the Rights of the Child | treaty | UN | A/RES/44/25 | 1989-11-20 | convention on the rights of the child/convention relative aux droits de l'enfant/convention relative aux droits de l’enfant/convention internationale des droits de l'enfant/convention internationale des droits de l’enfant/convención sobre los derechos del niño/конвенци* о правах ребенка/конвенци* о правах ребёнка/uşaq hüquqlari haqqinda konvensiya*/uşaq hüquqlari konvensiya*/çocuk haklarina dair sözleşme*/çocuk haklari sözleşme*
Convention on the Elimination of All Forms of Discrimination against Women | treaty | UN | A/RES/34/180 | 1979-12-18 | convention on the elimination of all forms of discrimination against women/convention sur l'élimination de toutes les formes de discrimination à l'égard des femmes/convention sur l’élimination de toutes les formes de discrimination à l’égard des femmes/convención sobre la eliminación de todas las formas de discriminación contra la mujer/конвенци* о ликвидации всех форм дискриминации в отношении женщин/qadinlara qarşi ayri-seçkiliyin bütün formalarinin ləğv* haqqinda konvensiya*/kadinlara karşi her türlü ayrimciliğin önlenmesi sözleşme*
International Convention on the Elimination of All Forms of Racial Discrimination | treaty | UN | A/RES/2106(XX) | 1965-12-21 | convention on the elimination of all forms of racial discrimination/convention internationale sur l'élimination de toutes les formes de discrimination raciale/convention internationale sur l’élimination de toutes les formes de discrimination raciale/convención internacional sobre la eliminación de todas las formas de discriminación racial/конвенци* о ликвидации всех форм расовой дискриминации/irqi ayri-seçkiliyin bütün formalarinin ləğv* haqqinda beynəlxalq konvensiya*
Convention against Torture | treaty | UN | A/RES/39/46 | 1984-12-10 | convention against torture/convention contre la torture/convención contra la tortura/конвенци* против пыток/işgəncə* əleyhinə konvensiya*/işkenceye karşi sözleşme*
Convention on the Rights of Persons with Disabilities | treaty | UN | A/RES/61/106 | 2006-12-13 | convention on the rights of persons with disabilities/convention relative aux droits des personnes handicapées/convención sobre los derechos de las personas con discapacidad/конвенци* о правах инвалидов/əlilliyi olan şəxslərin hüquqlari haqqinda konvensiya*/engellilerin haklarina ilişkin sözleşme*
Convention on the Prevention and Punishment of the Crime of Genocide | treaty | UN | A/RES/260(III)A | 1948-12-09 | convention on the prevention and punishment of the crime of genocide/genocide convention/convention pour la prévention et la répression du crime de génocide/convención para la prevención y la sanción del delito de genocidio/конвенци* о предупреждении преступления геноцида/soyqirimi cinayətinin qarşisinin alinmasi/soykirim suçunun önlenmesi ve cezalandirilmasi sözleşme*
Convention relating to the Status of Refugees | treaty | UN | | 1951-07-28 | convention relating to the status of refugees/convention relative au statut des réfugiés/convención sobre el estatuto de los refugiados/конвенци* о статусе беженцев/qaçqinlarin statusu haqqinda konvensiya*/mültecilerin hukuki statüsüne ilişkin sözleşme*
Vienna Convention on the Law of Treaties | treaty | UN | | 1969-05-23 | vienna convention on the law of treaties/convention de vienne sur le droit des traités/convención de viena sobre el derecho de los tratados/венск* конвенци* о праве международных договоров/beynəlxalq müqavilələr hüququ haqqinda vyana konvensiya*
Vienna Convention on Diplomatic Relations | treaty | UN | | 1961-04-18 | vienna convention on diplomatic relations/convention de vienne sur les relations diplomatiques/convención de viena sobre relaciones diplomáticas/венск* конвенци* о дипломатических сношениях/diplomatik əlaqələr haqqinda vyana konvensiya*
Helsinki Final Act | treaty | OSCE | | 1975-08-01 | helsinki final act/final act of the conference on security and co-operation in europe/acte final d'helsinki/acte final d’helsinki/acta final de helsinki/хельсинкск* заключительн* акт*/helsinki yekun akt*/helsinki nihai senedi*
Rome Statute of the International Criminal Court | treaty | INT | | 1998-07-17 | rome statute/statut de rome/estatuto de roma/римск* статут*/roma statut*/roma statüsü*
Paris Agreement | treaty | UN | | 2015-12-12 | paris agreement/accord de paris/acuerdo de parís/парижск* соглашени*/paris saziş*/paris anlaşma*
European Social Charter | treaty | CE | | | european social charter/charte sociale européenne/carta social europea/европейск* социальн* харти*/avropa sosial xartiya*/avrupa sosyal şarti*
Treaty on European Union | treaty | EU | | 1992-02-07 | treaty on european union/traité sur l'union européenne/traité sur l’union européenne/tratado de la unión europea
Treaty on the Functioning of the European Union | treaty | EU | | | treaty on the functioning of the european union/traité sur le fonctionnement de l'union européenne/traité sur le fonctionnement de l’union européenne/tratado de funcionamiento de la unión europea
Charter of Fundamental Rights of the European Union | treaty | EU | | | charter of fundamental rights of the european union/charte des droits fondamentaux de l'union européenne/charte des droits fondamentaux de l’union européenne/carta de los derechos fundamentales de la unión europea
Alma-Ata Declaration | treaty | CIS | | 1991-12-21 | alma-ata declaration/алма-атинск* деклараци*/alma-ata bəyannamə*
"""
_STAR = r"\w{0,5}"


def _row(line: str) -> Instrument:
    name, kind, country, number, date, forms = (part.strip() for part in line.split("|"))
    compiled = tuple(
        (max(form.split("*"), key=len), re.compile(rf"(?<!\w){_pattern(form)}(?!\w)"))
        for form in map(plain, forms.split("/"))
    )
    return Instrument(name, kind, country, number, date, compiled)


def _pattern(form: str) -> str:
    return re.escape(form).replace(r"\*", _STAR).replace(r"\ ", r"\s{1,3}")


INSTRUMENTS: tuple[Instrument, ...] = tuple(map(_row, _TABLE.strip().splitlines()))

Form: TypeAlias = tuple[str, re.Pattern[str], Instrument]
"""A piece that stands in every match, the whole, and what it names."""
_FORMS: tuple[Form, ...] = tuple((*form, row) for row in INSTRUMENTS for form in row.forms)


def forms_in(text: str) -> list[Form]:
    """Return the forms that *text* may hold, as `words.plain` makes it, in the order of the table."""
    return [form for form in _FORMS if form[0] in text]


ACT_OF_YEAR = re.compile(
    r"(?<!\w)Act(?: \([A-Z][\w ,’'-]{2,40}\))?,? ((?:1[6-9]|20)\d\d)(?!\w|[-/]\d)"
)
"""The end of `Criminal Justice Act 1960`: a parliament that names its acts by title and year."""
INSIDE_A_NAME = frozenset(
    ("and", "of", "the", "for", "to", "in", "on", "against", "with", "by", "from")
)
"""Words in lower case that may stand inside such a name."""

CONSTITUTION_PARTS = (
    "onstitucion",
    "onstitution",
    "onstitución",
    "onstitusiya",
    "онституци",
    "anayasa",
)
"""One of them stands in each match of CONSTITUTION."""
OWN_CONSTITUTION = re.compile(r"(?<!\w)constituci[oó]n nacional(?!\w)")
"""Says by itself that it is the country's own."""
CONSTITUTION = re.compile(
    r"(?<!\w)(?:constitution and (?:the )?laws of (?:the )?|constitution of (?:the )?|constitution de (?:la |l['’])?|constitution du |constitución (?:de la |del |de )|конституци[яиюей]{1,2} )(?=\w)|(?<=nin )konstitusiyas\w{1,6}|(?<=\w )anayasa(?:si|sinin|sinda|sina|sini)(?!\w)"
)
"""A constitution, in what `words.plain` makes of the text; the country stands beside it."""


def named_by_title(title: str) -> Instrument | None:
    """Return the instrument of which *title* is a name; None for every other title."""
    folded = plain(" ".join(title.split()))
    if len(folded) > 200:
        return None
    for row in INSTRUMENTS:
        if letters_of(title) == letters_of(row.name):
            return row
        for needle, pattern in row.forms:
            if needle in folded and (found := pattern.search(folded)):
                # The name itself, or with a few words about it: "… (1948)", "The …".
                rest = letters_of(folded[: found.start()] + folded[found.end() :])
                if len(rest) <= _AROUND_TITLE:
                    return row
    return None


_AROUND_TITLE = 6
