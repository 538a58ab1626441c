"""Words that join others and name nothing: a question asks with them, but not for them.

They are looked for like any word where all words are asked for. Where most or any of the words
will do, they are left aside: that a document holds *what* says nothing of its subject, and in
reports *what* is rare, so that rarity alone would rank it high.

Left out are words that in another language of the archive, or in capitals, often name something:
may, will, un, us, son, car, sur, die.
"""

from indexer import analysis

_WRITTEN = {
    "en": """
        a an the of in on at to for from by with without within into onto upon between among about
        against during through over under after before since until as than and or nor but if
        whether because while is are was were be been being am has have had having do does did
        done can could must shall should would what which who whom whose when where why how this that
        these those there here it its he him his she her they them their we our you your my not
        no any some such many much each both either neither other all only also very more most anyone
        someone something anything s
        """,
    "fr": """
        le la les l d du des au aux et ou où mais donc ni que qui quoi quel quelle quels quelles
        dont quand pourquoi combien ce cet cette ces il elle ils elles nous vous leur leurs est
        sont était étaient été être avoir avait avaient dans avec sans entre pendant depuis vers
        chez par pas plus ne se lors
        """,
    "es": """
        el los las lo una unos unas del al y e o u pero si que qué quién quiénes cuál cuáles cómo
        cuándo dónde cuánto cuántos por para con entre sobre desde hasta durante contra según
        es era eran fue fueron ser está están este esta estos estas ese esa se su sus más no
        """,
    "ru": """
        и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по ее мне
        было вот от меня о об из ему когда даже ну ли если уже или ни быть был до вас нибудь для
        мы их чем была были чтобы без будто чего тоже под будет кто этот того потому этого какой
        какая какое какие каких этом при над про между где куда откуда почему зачем сколько
        который которая которое которые которых это эта эти
        """,
    "tr": """
        ve ile için bir bu şu o da de ki mi mı mu mü ne kim kimi kimin hangi hangisi nasıl neden
        niçin niye nerede nereye ne kaç gibi kadar göre veya ya ama ancak çünkü olan olarak
        değil var yok hakkında
        """,
    "az": """
        və ilə üçün bir bu o da də ki mi mı mu mü nə kim kimin hansı hansılar necə niyə harada
        haraya haçan neçə kimi qədər görə və ya amma ancaq çünki olan olaraq deyil haqqında
        barədə
        """,
    "de": """
        der das den dem des ein eine einen einem einer und oder aber nicht von zu zum zur mit ohne
        für bei nach aus auf ist sind waren wurde wurden werden wird hat haben wer wie wo wann
        warum welche welcher welches im am als auch
        """,
}

FUNCTION_WORDS = frozenset(word for words in _WRITTEN.values() for word in words.split())
_AS_TYPED = FUNCTION_WORDS | {analysis.fold(word) for word in FUNCTION_WORDS}


def tells(text: str) -> bool:
    """Whether *text*, a word of a query as typed, names something.

    In capitals every word does: WHO is an organisation.

    >>> tells("treaty"), tells("what"), tells("What"), tells("WHO"), tells("için"), tells("iş")
    (True, False, False, True, False, True)
    """
    return not all(_joins(word) for word in analysis.words(text))


def _joins(word: str) -> bool:
    return word.casefold() in _AS_TYPED and not (len(word) > 1 and word.isupper())
