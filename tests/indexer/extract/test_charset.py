"""Bytes to text."""

import pytest

from indexer.extract.charset import decode

RUSSIAN = "О внесении изменений в Указ Президента. Постановляю: утвердить прилагаемое положение."
TURKISH = "Cumhurbaşkanlığı Kararnamesi ile görevlendirilen müşavirlerin çalışma usulleri değiştirilmiştir."
FRENCH = "Décret relatif à l'élection du Président, considérant l'avis du Conseil d'État, où déjà."
POLISH = "Konstytucja Rzeczypospolitej została uchwalona, a król rządził mądrze i długo w kościele, święto."
AZERBAIJANI = "Azərbaycan Respublikasının Ailə Məcəlləsi ilə tənzimlənən münasibətlər"
JAPANESE = "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。"


@pytest.mark.parametrize("text", [RUSSIAN, TURKISH, FRENCH, POLISH, AZERBAIJANI, JAPANESE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_known_for_what_it_is(text, encoding):
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize("text", [RUSSIAN, TURKISH, FRENCH, POLISH, AZERBAIJANI])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_characters_without_a_mark(text, encoding):
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp866"),
        (RUSSIAN, "iso8859-5"),
        (TURKISH, "cp1254"),
        (TURKISH, "iso8859-9"),
        (FRENCH, "cp1252"),
        (FRENCH, "iso8859-15"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859-2"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
    ],
)
def test_bytes_that_declare_nothing_are_guessed(text, encoding):
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("text", "encoding", "declared", "read_as"),
    [
        (TURKISH, "cp1254", "windows-1254", "cp1254"),
        (TURKISH, "cp1254", "iso-8859-9", "cp1254"),
        (TURKISH, "utf-8", "windows-1254", "utf-8"),
        (RUSSIAN, "cp1251", "utf-8", "cp1251"),
        (RUSSIAN, "cp1251", "no-such-thing", "cp1251"),
        (RUSSIAN, "cp1251", "base64", "cp1251"),
        (FRENCH, "cp1252", "ascii", "cp1252"),
        (FRENCH, "utf-8", "utf-16", "utf-8"),
        ("ASCII only", "ascii", "windows-1251", "utf-8"),
    ],
)
def test_a_declaration_counts_where_the_bytes_bear_it_out(text, encoding, declared, read_as):
    decoded = decode(text.encode(encoding), declared)
    assert (decoded.text, decoded.encoding, decoded.undecoded) == (text, read_as, 0)


def test_a_letter_cut_in_two_does_not_change_the_encoding():
    decoded = decode((RUSSIAN * 3).encode()[:-2])
    assert (decoded.encoding, decoded.undecoded) == ("utf-8", 1)


def test_stray_nul_bytes_are_dropped():
    assert decode(b"the words\x00 stand\x00 all the same, as they did before").text.startswith(
        "the words stand"
    )


@pytest.mark.parametrize(
    "data", [b"", b"\x00", b"\xff", b"\xff\xfe", b"\xfe\xff\xd8", bytes(range(256)) * 9]
)
def test_nothing_fails(data):
    assert isinstance(decode(data).text, str)
