"""Messages and saved pages."""

import base64

HEAD = (
    "From: =?koi8-r?B?8M/T1A==?= <a@example.org>\nTo: b@example.org\n"
    "Subject: =?utf-8?Q?On_=C5=9Eura?=\n\t=?utf-8?Q?=27s_work?=\nDate: Thu, 3 Jun 1993 10:00:00 +0400\n"
    "Message-ID: <1@example.org>\nMIME-Version: 1.0\n"
)
PARTS = 'Content-Type: multipart/mixed; boundary="b"\n\n'


def part(content: str, kind: str = "text/plain; charset=utf-8", *more: str) -> str:
    return "\n".join(["--b", f"Content-Type: {kind}", *more, "", content, ""])


def values(extraction) -> dict[str, str]:
    return {metadatum.name: metadatum.value for metadatum in extraction.metadata}


def test_headers_are_metadata_in_letters(read):
    found = values(read(HEAD + "\nText.\n"))
    assert found["mail.subject"] == "On Şura's work"
    assert found["mail.from"] == "Пост <a@example.org>"
    assert found["mail.date"] == "Thu, 3 Jun 1993 10:00:00 +0400"


def test_the_plain_part_is_the_text_and_more_of_the_html_is_beside(read):
    html = "<p>The plain words of it.</p><p>And a table that only HTML has.</p>"
    message = HEAD + PARTS + part("The plain words of it.") + part(html, "text/html") + "--b--\n"
    page = read(message).pages[0]
    assert (page.text, page.aside) == ("The plain words of it.", "And a table that only HTML has.")


def test_html_is_read_where_there_is_nothing_plain(read):
    message = HEAD + "Content-Type: text/html; charset=koi8-r\n\n" + "<p>Пост</p>"
    extraction = read(message.encode("koi8-r"))
    assert extraction.text == "Пост"
    assert extraction.headings == ("On Şura's work",)


def test_attachments_are_named_and_not_read(read):
    attached = part(
        base64.b64encode(b"%PDF").decode(),
        "application/pdf",
        "Content-Transfer-Encoding: base64",
        'Content-Disposition: attachment; filename="../../evil.pdf"',
    )
    extraction = read(HEAD + PARTS + part("Text.") + attached + "--b--\n")
    assert extraction.text == "Text."
    assert extraction.notes == ("attachment not read: ../../evil.pdf",)


def test_the_main_page_of_a_saved_page_is_its_text(read):
    head = "From: <Saved by a browser>\nSubject: Peace\nDate: x\nMIME-Version: 1.0\n"
    head += 'Content-Type: multipart/related; type="text/html"; start="<2@x>"; boundary="b"\n\n'
    frame = part("<p>An advertisement.</p>", "text/html", "Content-ID: <1@x>")
    main = part("<h1>Peace</h1><p>The text of the page.</p>", "text/html", "Content-ID: <2@x>")
    extraction = read(head + frame + main + "--b--\n", "page.mht")
    assert extraction.media_type == "multipart/related"
    assert extraction.text == "Peace\n\nThe text of the page."


def test_parts_within_parts_end_somewhere(read):
    nested = "".join(
        f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(5_000)
    )
    extraction = read(HEAD + nested)
    assert extraction.status == "unreadable"
    assert "50" in extraction.reason


def test_a_broken_header_is_kept_as_it_is(read):
    found = values(
        read(HEAD.replace("=?koi8-r?B?8M/T1A==?=", "=?no-such?B?8M/T1A==?=") + "\nText.\n")
    )
    assert "a@example.org" in found["mail.from"]
