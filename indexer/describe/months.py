"""Names of months, by language: one line a language, January first; `/` parts the forms.

Case endings are listed where they change the stem; `*` stands for any ending of up to
four letters. A name that means different months in different languages (`listopad`)
counts only where the language of the text settles it.
"""

from functools import cache

NAMES: dict[str, str] = {
    "en": "january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sept/sep october/oct november/nov december/dec",
    "fr": "janvier/janv février/fevrier/févr mars avril/avr mai juin juillet/juil août/aout septembre/sept octobre/oct novembre/nov décembre/decembre/déc",
    "es": "enero/ene febrero/feb marzo/mar abril/abr mayo/may junio/jun julio/jul agosto/ago septiembre/setiembre/sept octubre/oct noviembre/nov diciembre/dic",
    "pt": "janeiro/jan fevereiro/fev março/marco abril/abr maio/mai junho/jun julho/jul agosto/ago setembro/set outubro/out novembro/nov dezembro/dez",
    "it": "gennaio/gen febbraio/feb marzo/mar aprile/apr maggio/mag giugno/giu luglio/lug agosto/ago settembre/set ottobre/ott novembre/nov dicembre/dic",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "ca": "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "de": "januar/jänner/jan februar/feber/feb märz/maerz/mrz april/apr mai juni/jun juli/jul august/aug september/sept oktober/okt november/nov dezember/dez",
    "nl": "januari/jan februari/feb maart/mrt april/apr mei juni/jun juli/jul augustus/aug september/sept oktober/okt november/nov december/dec",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
    "fi": "tammikuu* helmikuu* maaliskuu* huhtikuu* toukokuu* kesäkuu* heinäkuu* elokuu* syyskuu* lokakuu* marraskuu* joulukuu*",
    "et": "jaanuar* veebruar* märts* aprill* mai* juuni* juuli* august* septemb* oktoob* novemb* detsemb*",
    "lv": "janvār* februār* mart* aprīl* maij* jūnij* jūlij* august* septembr* oktobr* novembr* decembr*",
    "lt": "saus* vasar* kov* baland* geguž* birž* liep* rugpjū* rugsėj* spal* lapkri* gruod*",
    "pl": "stycz* lut* mar* kwie* maj* czerw* lip* sierp* wrze* paźdz* listop* grud*",
    "cs": "led* únor* březn* dub* květ* červ* červen* srp* září* říj* listop* prosin*",
    "sk": "januá* februá* mar* apríl* máj* jún* júl* august* septemb* októb* novemb* decemb*",
    "hu": "január* február* március* április* május* június* július* augusztus* szeptember* október* november* december*",
    "hr": "siječnj* veljač* ožujk* travnj* svibnj* lipnj* srpnj* kolovoz* rujn* listopad* studen* prosin*",
    "sl": "januar* februar* mar* april* maj* juni* juli* avgust* septemb* oktob* novemb* decemb*",
    "sr": "јануар* фебруар* март* април* мај* јун* јул* август* септемб* октоб* новемб* децемб*",
    "bg": "януари февруари март април май юни юли август септември октомври ноември декември",
    "mk": "јануари февруари март април мај јуни јули август септември октомври ноември декември",
    "ru": "январ*/янв феврал*/фев март*/мар апрел*/апр май/мая/мае июн* июл* август*/авг сентябр*/сен октябр*/окт ноябр*/ноя декабр*/дек",
    "uk": "січ* лют* берез* квіт* трав* черв* лип* серп* верес* жовт* листопад* груд*",
    "be": "студзен* люта* сакавік* красавік* травен* чэрвен* ліпен* жніве* верасн* кастрычнік* лістапад* снежн*",
    "kk": "қаңтар* ақпан* наурыз* сәуір* мамыр* маусым* шілде* тамыз* қыркүйек* қазан* қараша* желтоқсан*",
    "az": "yanvar* fevral* mart* aprel* may/mayın/mayda iyun* iyul* avqust* sentyabr* oktyabr* noyabr* dekabr*",
    "az-cyrillic": "јанвар* феврал* март* апрел* мај* ијун* ијул* август* сентјабр* октјабр* нојабр* декабр*",
    "tr": "ocak/oca şubat/şub mart/mar nisan/nis mayıs/may haziran/haz temmuz/tem ağustos/ağu eylül/eyl ekim/eki kasım/kas aralık/ara",
    "uz": "yanvar* fevral* mart* aprel* may* iyun* iyul* avgust* sentabr* oktabr* noyabr* dekabr*",
    "el": "ιανουαρίου/ιανουάριος φεβρουαρίου/φεβρουάριος μαρτίου/μάρτιος απριλίου/απρίλιος μαΐου/μάιος ιουνίου/ιούνιος ιουλίου/ιούλιος αυγούστου/αύγουστος σεπτεμβρίου/σεπτέμβριος οκτωβρίου/οκτώβριος νοεμβρίου/νοέμβριος δεκεμβρίου/δεκέμβριος",
    "ka": "იანვა* თებერვ* მარტ* აპრილ* მაის* ივნის* ივლის* აგვისტ* სექტემბ* ოქტომბ* ნოემბ* დეკემბ*",
    "hy": "հունվար* փետրվար* մարտ* ապրիլ* մայիս* հունիս* հուլիս* օգոստոս* սեպտեմբեր* հոկտեմբեր* նոյեմբեր* դեկտեմբեր*",
    "he": "ינואר/בינואר פברואר/בפברואר מרץ/במרץ אפריל/באפריל מאי/במאי יוני/ביוני יולי/ביולי אוגוסט/באוגוסט ספטמבר/בספטמבר אוקטובר/באוקטובר נובמבר/בנובמבר דצמבר/בדצמבר",
    "ar": "يناير/جانفي فبراير/فيفري/شباط مارس/آذار/اذار أبريل/ابريل/إبريل/أفريل/نيسان مايو/ماي/أيار/ايار يونيو/يونية/جوان/حزيران يوليو/يولية/جويلية/تموز أغسطس/اغسطس/أوت/آب سبتمبر/أيلول/ايلول أكتوبر/اكتوبر/تشرين_الأول نوفمبر/تشرين_الثاني ديسمبر/كانون_الأول",
    "ar-levant": "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول",
    "fa": "ژانویه فوریه مارس آوریل مه/می ژوئن ژوئیه/جولای اوت/آگوست سپتامبر اکتبر نوامبر دسامبر",
    "hi": "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर/सितम्बर अक्टूबर/अक्तूबर नवंबर/नवम्बर दिसंबर/दिसम्बर",
    "id": "januari februari maret april mei juni juli agustus september oktober november desember",
}

SOLAR_HIJRI = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
"""The Persian year, from the spring equinox."""

# Names that mean another month next door: only for these languages.
_DOUBTFUL = {"hr", "cs", "pl", "uk", "lt", "fi", "be", "kk"}
_ENDINGS = 5


def fold(name: str) -> str:
    """Return a name as it is looked up: lower case, the Turkish letters i as one."""
    return name.lower().replace("i̇", "i").replace("ı", "i").rstrip(".").replace(" ", "_")


@cache
def forms(language: str = "") -> dict[str, int]:
    """Return every written form with its month; a form ending in `*` is a stem.

    Without a language the doubtful languages are left out; with one its own names win.
    """
    found: dict[str, int] = {}
    for code, line in NAMES.items():
        if code not in _DOUBTFUL:
            _add(found, line)
    if language in NAMES:
        _add(found, NAMES[language])
    return found


def _add(found: dict[str, int], line: str) -> None:
    for month, names in enumerate(line.split(), 1):
        for name in names.split("/"):
            found[fold(name)] = month


@cache
def hijri() -> dict[str, int]:
    """Return the months of the Persian solar year."""
    return {fold(name): month for month, name in enumerate(SOLAR_HIJRI.split(), 1)}


@cache
def month_of(word: str, language: str = "") -> int | None:
    """Return the month that *word* names in *language* or in any where it is not doubtful."""
    known = forms(language)
    key = fold(word)
    if key in known:
        return known[key]
    for cut in range(_ENDINGS):
        stem = (key[: len(key) - cut] if cut else key) + "*"
        if len(stem) > 3 and stem in known:
            return known[stem]
    return None
