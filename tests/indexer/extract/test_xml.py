"""XML of known and unknown schemas."""

import pytest

AKN = """<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act><meta><identification><FRBRWork>
<FRBRdate date="2025-01-01" name="x:dateEntryInForce"/><FRBRdate date="2023-09-29" name="x:dateDocument"/>
<FRBRcountry value="CH"/><FRBRnumber value="311.6"/></FRBRWork><FRBRExpression><FRBRlanguage language="de"/>
</FRBRExpression></identification></meta><preface><p><docNumber>311.6</docNumber></p>
<p><docTitle>Gesetz <br/>über den Frieden</docTitle></p></preface><body><article><num>Art. 1</num>
<heading>Zweck</heading><paragraph><num>1</num><content><p>Der <b>Friede</b> gilt.</p></content></paragraph>
</article></body></act></akomaNtoso>"""

TEI = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>On Peace</title>
<author>Nizami</author></titleStmt><publicationStmt><date when="1993-06-03">June</date></publicationStmt>
</fileDesc></teiHeader><text><body><head>One</head><p>The <hi>first</hi> paragraph.</p><p>The second.</p></body></text></TEI>"""

OTHER = """<?xml version="1.0"?><norm lang="es"><Metadatos fechaPromulgacion="1978-01-10">
<TituloNorma>Declara la paz</TituloNorma><Numero>29</Numero></Metadatos>
<Texto>Santiago, 10 de Enero de 1978.</Texto><tabla><row><entry>Year</entry><entry>Votes</entry></row>
<row><entry>1993</entry><entry>14</entry></row></tabla></norm>"""


def values(extraction) -> dict[str, str]:
    return {metadatum.name: metadatum.value for metadatum in reversed(extraction.metadata)}


def test_akoma_ntoso_says_what_it_is(read):
    extraction = read(AKN)
    found = values(extraction)
    assert found["akn.FRBRdate"] == "2023-09-29"
    assert found["akn.FRBRdate.dateEntryInForce"] == "2025-01-01"
    assert found["akn.FRBRcountry"] == "CH"
    assert found["akn.FRBRExpression.FRBRlanguage"] == "de"
    assert found["akn.docTitle"] == "Gesetz über den Frieden"
    assert found["akn.docNumber"] == "311.6"


def test_a_number_stands_on_the_line_of_what_it_numbers(read):
    assert read(AKN).text.endswith("Art. 1 Zweck\n\n1 Der Friede gilt.")


def test_tei_has_its_header_beside_the_text(read):
    extraction = read(TEI)
    found = values(extraction)
    assert (found["tei.title"], found["tei.author"], found["tei.date"]) == (
        "On Peace",
        "Nizami",
        "1993-06-03",
    )
    assert extraction.text == "One\n\nThe first paragraph.\n\nThe second."
    assert extraction.headings == ("One",)
    assert "Nizami" in extraction.pages[0].aside


def test_an_unknown_schema_is_understood_by_its_names(read):
    extraction = read(OTHER)
    found = values(extraction)
    assert found["xml.TituloNorma"] == "Declara la paz"
    assert found["xml.fechaPromulgacion"] == "1978-01-10"
    assert found["xml.Numero"] == "29"
    assert extraction.text == "Santiago, 10 de Enero de 1978.\n\nYear\tVotes\n1993\t14"
    assert "Declara la paz" in extraction.pages[0].aside


def test_markup_packed_into_text_is_undone(read):
    packed = "<act><t><![CDATA[<p>One <b>bold</b>.</p><p>Two.</p>]]></t></act>"
    assert read(packed, "a.xml").text == "One bold.\n\nTwo."


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "cp855", "utf-16"])
def test_the_declared_encoding_counts_even_where_libxml2_has_it_not(read, encoding):
    made = f"<?xml version='1.0' encoding='{encoding}'?><act><p>Указ Президента о мире и согласии</p></act>"
    extraction = read(made.encode(encoding))
    assert (extraction.status, extraction.text) == ("text", "Указ Президента о мире и согласии")


def test_broken_xml_gives_what_can_be_read_and_says_where_it_broke(read):
    extraction = read("<?xml version='1.0'?><act><p>One.</p><p>Two</act>")
    assert extraction.status == "partial"
    assert "line 1" in extraction.reason
    assert extraction.text.startswith("One.")


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY e SYSTEM "file:///etc/passwd">',
        '<!ENTITY % p SYSTEM "file:///etc/passwd"> %p; <!ENTITY e "x">',
        '<!ENTITY e "needle">',
    ],
)
def test_entities_are_not_resolved_and_it_is_said(read, declared):
    extraction = read(f"<?xml version='1.0'?><!DOCTYPE a [{declared}]><a><p>Text</p><p>&e;</p></a>")
    assert "root:" not in extraction.text
    assert "needle" not in extraction.text
    assert extraction.status in {"partial", "unreadable"}


def test_a_million_laughs_are_refused(read):
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    extraction = read(
        f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">{levels}]><a x="&l9;">&l9;</a>'
    )
    assert extraction.status == "unreadable"


def test_too_deep_is_refused(read):
    assert read("<a>" * 100_000, "a.xml").status == "unreadable"
