"""The words around a date that say what it is the date of: data, in many languages.

Each pattern is searched in a hundred characters before or behind a date, so none needs
more than a bounded run of anything.
"""

import re

SIGNED = re.compile(
    r"(?:\bdad[oa] (?:en|a)\b.{0,80}|\bdone (?:at|in)\b.{0,60}|\bfait (?:à|au)\b.{0,60}|\bdonné à\b.{0,60}|\bgegeben\b.{0,40}|\bgegeven\b.{0,40}|\bdado no\b.{0,60}|\bwitness\b.{0,60}|\bсовершено в\b.{0,60}|\bhech[oa] en\b.{0,60})$",
    re.IGNORECASE | re.DOTALL,
)
"""Ends before the date with which a body says where and when it signed."""
PLACE = re.compile(
    r"(?:^|[.–:\n][-–]?\s)\s?(?:[A-ZÀ-ŽА-Я][\w.'’-]{1,20})(?: (?:(?:de|of|la|el|du|am|an) )?[A-ZÀ-ŽА-Я][\w.'’-]{1,20}){0,4}(?: şəhəri| шәһәри)?,\s?(?:le |el |a |den |am |on |this )?$"
)
"""Ends before a date that follows a place with a capital: `Santiago, 17 de septiembre de 2005`."""
ADOPTED = re.compile(
    r"(?:adopted|\bmade|\bdecided|kabul tarihi|kabul|qəbul (?:edil\w{1,8}|olun\w{1,8})|approved|signed|dated|date of (?:adoption|signature|text)|принят\w{0,4}|прийнят\w{0,4}|утвержд\w{1,6}|vastu võetud|pieņemt\w{0,3}|priimt\w{0,3}|uchwalon\w{0,2}|adopté[es]?|aprobad[oa]|promulgad[oa]|fecha (?:de )?(?:promulgaci[oó]n|sanci[oó]n|firma)|sancionad[ao]|vaststelling|data aktu|datum)\s*[:,\-–]?\s*(?:on|the|le|el|del?|vom|den|at|by)?\s*$",
    re.IGNORECASE,
)
"""A label before the date of adoption or signature."""
PROMULGATED = re.compile(r"promulg", re.IGNORECASE)
"""Among those labels, the weaker one: promulgation follows adoption."""
PUBLISHED = re.compile(
    r"(?:publish\w{0,4}|publication|posted|updated|released?|опубликован\w{0,4}|дата публикации|обновлен\w{0,2}|yayım\w{0,10}|yayın\w{0,8}|dərc \w{0,10}|nəşr\w{0,6}|publi[ée]\w{0,3}|publicad[oa]|publicaci[oó]n|mis (?:à jour|en ligne)|veröffentlicht|erstellt|stand|bekanntmachung|gaceta|diario oficial|bolet[ií]n oficial|b\.\s?o\.?|official journal|federal register|monitorul|moniteur|staatsblad|opgemaakt|avaldatud|publicēts|filed|جريدة|نشر\w{0,3}|تاريخ النشر|pubblicato|resm[iî] gazete|tarih)\s*[:,\-–|]?\s*(?:on|the|le|el|del?|am|vom|at|by|tarih[i]?)?\s*[:]?\s*$",
    re.IGNORECASE,
)
"""A label before the date of publication."""
FORCE = re.compile(
    r"(?:in force|entry into force|commencement|yürürlük\w{0,8}|qüvvəyə min\w{0,8}|вступ\w{2,8} в силу|entr[ée]e? en vigueur|vigencia|vigente desde|inkrafttreten|in kraft(?: seit)?|jõustu\w{0,6}|stājas spēkā|inwerkingtreding|entrata in vigore)\s*[:,\-–]?\s*(?:on|the|le|el|del?|am|vom|seit|с)?\s*$",
    re.IGNORECASE,
)
"""A label before the date from which it is in force."""
APPROVED_BY = re.compile(
    r"t?ə? ?sdiq\s?ed\w{2,10}|утвержден(?:[аоы]|н\w{2,3})?(?![^\W_])|затверджен(?:[аоы]|\w{2,3})?(?![^\W_])|approved by|aprobad[oa] por|qəbul edilmişdir|adoptée? (?:le|par)|adopt\w{1,4} (?:y|and|et) pro[ck]lam|adoptad[oa] por|adopted by|بموجب قرار",
    re.IGNORECASE,
)
"""In a line that says which act approved this one, so that its date is this one's."""
AMENDED = re.compile(
    r"в ред(?:\.|акции)|с изменениями|утратил\w{0,2} силу|as amended|amended by|modifi[ée]\w{0,3} par|modificad[oa] por|dəyişiklik|əlavə|değişiklik|consolidated|fassung|stand am|geändert|last updated|переглянут|внесен\w{0,4}",
    re.IGNORECASE,
)
"""Before the date of a later act that changed this one."""
CHANGING = re.compile(
    r"(?:в ред|утратил\w{0,2} силу|внесен|змінами|as amended)[^)}]{0,110}$", re.IGNORECASE
)
"""The same, some words away: `Утратил силу … Указ … от`, `В редакции Указа … от`."""
CITING_BEFORE = re.compile(
    r"(?:\bот|закон\w{0,4}|указ\w{0,3}|law|act|loi|ley|wet|gesetz\w{0,2}|decree|d[ée]cret\w{0,2}|decreto|arrêté|règlement|ordonnance|resolution\w{0,2}|directive|regulation|decision|convention|agreement|on the night of|since|until|before|after|by)\s*(?:n?[°ºo.]*\s*[\d./-]{0,12})?\s*(?:of|du|de|del|vom|от|van)?\s*$",
    re.IGNORECASE,
)
"""Before the date of another act that is cited."""
CITING_AFTER = re.compile(r"^[-–’']?(?:c[iıuü])?\s?(?:il\s)?\W{0,3}(?:tarihli|tarixli|tarixində|tarihinde|tarihinden|sayılı|nömrəli|düzenle|dəyişiklik|г?\.? ?[N№] ?\d{1,6}-ФЗ)", re.IGNORECASE)  # fmt: skip
"""Behind it."""
CITES_LAW = re.compile(r"(?:закон\w{0,4}|указ\w{0,3}|постановлени\w|статьи \d+|artículo|law|ley n|loi n|gesetz\w{0,2}) ?(?:«|\"|от|n|№|of|$)", re.IGNORECASE)  # fmt: skip
"""Between the kind and a date: the date is that of the law cited."""
CLOCK = re.compile(r"\b(?:[01]?\d|2[0-3])[:.h][0-5]\d\b")
"""A time of day, which acts do not bear."""
MASTHEAD = re.compile(
    r"resm[iî] gazete|official journal|\boj [lc] ?\d|\babl\. |\bjo [lc] ?\d|amtsblatt|gazzetta ufficiale|diário da república|federal register|official gazette|journal officiel|diario oficial|bolet[ií]n oficial|gaceta oficial|dz\.? ?u\.|monitorul oficial|staatsblad|staatscourant|bundesgesetzblatt|mémorial|rossiyskaya|российская газета|собрание законодательства|\bsayı ?:",
    re.IGNORECASE,
)
"""A gazette or its number: a date beside it is the issue's."""
BESIDE_NUMBER = re.compile(
    r"[^\n]{0,20}\n(?:№|N|Nr\.?|No\.?) ?\d{1,6}(?:[-–/][^\W_]{1,6}){0,3}(?:\n|$)"
)
"""Behind a date that stands over the number: `3 октября 2002 года` / `N 1112`."""
TIMESTAMP = re.compile(r"T\d\d:\d\d")
"""Behind a date that a program wrote."""
CHAMBER = re.compile(
    r"государственной думой|советом федерации|passed by the parliament", re.IGNORECASE
)
"""In a line on one chamber's vote, which is not yet the act's date."""
BRACKET = re.compile(r"\.?,?\]")
"""Behind a date in brackets: `[9th November 1998]`, the date of assent of British and Irish acts."""
VERSION = re.compile(
    r"\d{5}[A-Z]\d{4} — [A-Z]{2} —|BWB[RV]\d{7}_|►[MC]\d|[Зз]арегистрирован|ЗАРЕГИСТРИРОВАН"
)
"""The head of a consolidated text, with the date of the consolidation."""
NO_SIGNATURE = re.compile(
    r"\[|\(|„|«|“|\"|\d+[.)] |.*(?:tarihi|tarixi|до|until|from|depuis|geändert|fassung)",
    re.IGNORECASE,
)
"""A line at the end that is no signature."""
