import pytest

from assistant.errors import ReadError
from assistant.library import Library
from assistant.types import Document, Kind
from ingest.readers import clml, read_source
from ingest.run import ingest
from ingest.structure import passages
from tests.conftest import CORPUS
from tests.shared import shared

ID = "http://www.legislation.gov.uk/id/ukpga/1999/9"


def act(body: str, schedules: str = "", attributes: str = "", meta: str = "", main: str = "ukpga/1999/9") -> bytes:
    return f"""<?xml version="1.0" encoding="utf-8"?>
<Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation" IdURI="http://www.legislation.gov.uk/id/{main}"
 DocumentURI="http://www.legislation.gov.uk/{main}" {attributes}>
<ukm:Metadata xmlns:ukm="http://www.legislation.gov.uk/namespaces/metadata" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:dct="http://purl.org/dc/terms/"><dc:title>Children (Examples) Act 1999</dc:title>{meta}
<dct:valid>2025-05-01</dct:valid><ukm:PrimaryMetadata><ukm:Year Value="1999"/><ukm:Number Value="9"/>
<ukm:EnactmentDate Date="1999-11-16"/></ukm:PrimaryMetadata></ukm:Metadata>
<Primary><PrimaryPrelims><Title>Children (Examples) Act 1999</Title></PrimaryPrelims><Body>{body}</Body>
<Schedules>{schedules}</Schedules></Primary>
<Commentaries><Commentary id="c1" Type="F"><Para><Text>Words inserted.</Text></Para></Commentary></Commentaries>
</Legislation>""".encode()


def section(number: str, inside: str, title: str = "Duty to visit", attributes: str = "") -> str:
    return (
        f'<P1group {attributes}><Title>{title}</Title><P1 IdURI="{ID}/section/{number}" '
        f'DocumentURI="http://www.legislation.gov.uk/ukpga/1999/9/section/{number}"><Pnumber>{number}</Pnumber>'
        f"<P1para>{inside}</P1para></P1></P1group>"
    )


def subsection(number: str, inside: str) -> str:
    return f"<P2><Pnumber>{number}</Pnumber><P2para>{inside}</P2para></P2>"


def paragraph(number: str, text: str, level: int = 3) -> str:
    return f"<P{level}><Pnumber>{number}</Pnumber><P{level}para>{text}</P{level}para></P{level}>"


def blocks(data: bytes):
    return [(b.label, b.section, b.text) for b in clml.read("a.xml", data).blocks]


VISITS = subsection("1", "<Text>A council must visit.</Text>") + subsection(
    "2",
    "<Text>Where it\u2014</Text>"
    + paragraph("a", "<Text>is told of harm, or</Text>")
    + paragraph("b", "<Text>suspects\u2014</Text>" + paragraph("i", "<Text>neglect,</Text>", 4))
    + "<Text>the council shall make enquiries.</Text>",
)


def test_subsections_are_passages_with_their_path_paragraphs_and_closing_words():
    body = f"<Part><Number>Part 5</Number><Title>Protection</Title><Pblock><Title>Visits</Title>{section('47', VISITS)}</Pblock></Part>"
    path = "Part 5: Protection > Visits > Duty to visit"
    assert blocks(act(body)) == [
        ("s. 47(1)", path, "A council must visit."),
        (
            "s. 47(2)",
            path,
            "Where it\u2014\n- (a) is told of harm, or\n- (b) suspects\u2014\n- (i) neglect,\nthe council shall make enquiries.",
        ),
    ]


def test_what_the_act_says_of_itself_is_kept():
    source = clml.read("a.xml", act(section("47", VISITS)))
    assert (source.title, source.number, source.kind) == ("Children (Examples) Act 1999", "1999 c. 9", Kind.LEGISLATION)
    assert (source.published, source.edition) == ("1999-11-16", "As it stood on 1 May 2025")
    assert source.url == "https://www.legislation.gov.uk/ukpga/1999/9"
    assert source.blocks[0].url == "https://www.legislation.gov.uk/ukpga/1999/9/section/47"


def test_a_section_without_subsections_and_a_schedule():
    schedule = (
        f'<Schedule IdURI="{ID}/schedule/2"><Number>SCHEDULE 2</Number><TitleBlock><Title>Services</Title></TitleBlock><ScheduleBody>'
        f'<P1group><Title>Records</Title><P1 IdURI="{ID}/schedule/2/paragraph/4"><Pnumber>4</Pnumber><P1para>'
        f'<P2 IdURI="{ID}/schedule/2/paragraph/4/1"><Pnumber>1</Pnumber><P2para><Text>Keep a record.</Text></P2para></P2>'
        "</P1para></P1></P1group></ScheduleBody></Schedule>"
    )
    assert blocks(act(section("2A", "<Text>It is so.</Text>", "Meaning"), schedule)) == [
        ("s. 2A", "Meaning", "It is so."),
        ("Sch. 2 para. 4(1)", "SCHEDULE 2: Services > Records", "Keep a record."),
    ]


def test_provisions_without_addresses_are_labelled_by_their_numbers():
    schedule = (
        "<Schedule><Number>SCHEDULE 3</Number><ScheduleBody><P1><Pnumber>1</Pnumber><P1para>"
        + subsection("2", "<Text>One.</Text>")
        + "</P1para></P1></ScheduleBody></Schedule>"
    )
    body = f"<P1><Pnumber>28</Pnumber><P1para>{subsection('2', '<Text>Two.</Text>')}</P1para></P1>"
    made = act(body, schedule, main="uksi/1999/9")
    assert [label for label, _, _ in blocks(made)] == ["reg. 28(2)", "Sch. 3 para. 1(2)"]
    assert [label for label, _, _ in blocks(act(body, schedule))] == ["s. 28(2)", "Sch. 3 para. 1(2)"]
    assert clml.read("a.xml", made).number == "S.I. 1999/9"


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("section/47/1/b", "s. 47(1)(b)"),
        ("regulation/28/2", "reg. 28(2)"),
        ("article/6/3/2025-01-01", "art. 6(3)"),
        ("rule/4", "r. 4"),
        ("schedule/paragraph/3", "Sch. para. 3"),
        ("schedule/2/part/1/paragraph/4/1/a", "Sch. 2 Pt. 1 para. 4(1)(a)"),
        ("crossheading/visits", ""),
    ],
)
def test_an_address_gives_the_label_a_lawyer_cites(address, label):
    assert clml._cited(address.split("/")) == label


def test_notes_are_left_out_and_repealed_words_leave_no_dots():
    body = section(
        "3",
        subsection("1", '<Text><CommentaryRef Ref="c1"/>A child . . . and a parent<FootnoteRef Ref="f1"/> may ask.</Text>')
        + subsection("2", "<Text>. . . . . . . . . .</Text>")
        + subsection(
            "3",
            "<Text>It is<Addition>, now,</Addition> so\u2014</Text>"
            + paragraph("a", "<Text>. . . .</Text>")
            + paragraph("b", "<Text>yes.</Text>"),
        ),
    )
    assert [(label, text) for label, _, text in blocks(act(body))] == [
        ("s. 3(1)", "A child and a parent may ask."),
        ("s. 3(3)", "It is, now, so\u2014\n- (b) yes."),
    ]


def test_what_does_not_extend_to_england_and_what_is_repealed_is_left_out():
    body = (
        section("1", "<Text>Wales.</Text>", attributes='RestrictExtent="W"')
        + section("2", "<Text>Scotland.</Text>", attributes='RestrictExtent="S+N.I."')
        + section("3", "<Text>Both.</Text>", attributes='RestrictExtent="E+W"')
        + section("4", "<Text>Gone.</Text>", attributes='Match="false" Status="Repealed" RestrictEndDate="2020-01-01"')
        + section("5", "<Text>Ended.</Text>", attributes='RestrictEndDate="2024-01-01"')
        + section("6", "<Text>Ends later.</Text>", attributes='RestrictEndDate="2026-01-01"')
    )
    assert [text for _, _, text in blocks(act(body, attributes='RestrictExtent="E+W+S+N.I."'))] == ["Both.", "Ends later."]
    with pytest.raises(ReadError, match=r"wales\.xml holds no provision that stands as law and extends to England"):
        clml.read("wales.xml", act(section("1", "<Text>Wales.</Text>", attributes='RestrictExtent="W"')))
    with pytest.raises(ReadError, match="not law of England"):
        clml.read("wales.xml", act(section("1", "<Text>Cymru.</Text>"), main="asc/2021/1"))


def test_what_is_not_in_force_yet_says_so():
    body = (
        section("1", "<Text>Now.</Text>", attributes='RestrictStartDate="2001-01-01"')
        + section("2", "<Text>Some day.</Text>", attributes='Status="Prospective"')
        + section("3", "<Text>Next year.</Text>", attributes='RestrictStartDate="2026-04-01"')
    )
    made = passages(Document("act", "Act", Kind.LEGISLATION), clml.read("a.xml", act(body)).blocks, len, 10_000)
    assert [(p.id, p.force, p.edition) for p in made] == [
        ("act:s. 1", "", ""),
        ("act:s. 2", "enacted, not in force", "Enacted, not in force"),
        ("act:s. 3", "enacted, not in force", "Enacted, not in force"),
    ]


def test_a_long_subsection_is_cut_between_paragraphs_that_keep_the_words_around_them(monkeypatch):
    monkeypatch.setattr(clml, "LONG", 70)
    inside = "<Text>Keep\u2014</Text>" + "".join(paragraph(m, f"<Text>the {m * 12},</Text>") for m in "abc") + "<Text>for good.</Text>"
    assert [(label, text) for label, _, text in blocks(act(section("9", subsection("1", inside))))] == [
        ("s. 9(1)(a) to (b)", "Keep\u2014\n- (a) the aaaaaaaaaaaa,\n- (b) the bbbbbbbbbbbb,\n- \u2026\nfor good."),
        ("s. 9(1)(c)", "Keep\u2014\n- \u2026\n- (c) the cccccccccccc,\nfor good."),
    ]


def test_tables_formulas_and_definitions():
    table = (
        '<Tabular><table xmlns="http://www.w3.org/1999/xhtml"><thead><tr><th>Age</th><th>Weeks</th></tr></thead>'
        "<tbody><tr><td>Under 5</td><td>1</td></tr></tbody></table></Tabular>"
    )
    definition = "<UnorderedList><ListItem><Para><Text>\u201c<Term>child</Term>\u201d means a person under 18;</Text></Para></ListItem></UnorderedList>"
    assert [text for _, _, text in blocks(act(section("1", f"<Text>In this Act\u2014</Text>{definition}{table}<Formula>x</Formula>")))] == [
        "In this Act\u2014\n- \u201cchild\u201d means a person under 18;\nAge: Under 5; Weeks: 1\n[formula]"
    ]


def test_two_provisions_cited_alike_have_ids_of_their_own():
    body = section("1", "<Text>For E.</Text>", attributes='RestrictExtent="E"') + section("1", "<Text>For E and W.</Text>")
    made = passages(Document("a", "A", Kind.LEGISLATION), clml.read("a.xml", act(body)).blocks, len, 10_000)
    assert [(p.id, p.paragraph) for p in made] == [("a:s. 1", "s. 1"), ("a:s. 1~2", "s. 1")]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<Legislation", "damaged"),
        (b"<feed><entry/></feed>", "not legislation"),
        (b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><Legislation>&e;</Legislation>', "defines entities"),
        (b"<!DOCTYPE html><html><h1>Page not found</h1></html>", "Page not found"),
        (
            b'<Legislation DocumentURI="http://www.legislation.gov.uk/ukpga/1/1">'
            + b"<P3>" * 50_000
            + b"</P3>" * 50_000
            + b"</Legislation>",
            "nested",
        ),
    ],
)
def test_what_is_not_legislation_is_refused_by_name(tmp_path, data, says):
    file = tmp_path / "a.xml"
    file.write_bytes(data)
    with pytest.raises(ReadError, match=says) as refusal:
        read_source(file)
    assert "a.xml" in str(refusal.value) and "\n" not in str(refusal.value)


def test_an_act_enters_the_library_as_legislation_cited_by_section(tmp_path, embedder):
    file = tmp_path / "act.xml"
    file.write_bytes(act(section("47", VISITS)))
    with Library(tmp_path / "library") as library:
        assert [o.what for o in ingest([file], library, embedder, CORPUS)] == ["new"]
        document = library.documents()[0]
        assert (document.title, document.kind, document.edition) == (
            "Children (Examples) Act 1999",
            Kind.LEGISLATION,
            "As it stood on 1 May 2025",
        )
        assert [(p.id, p.paragraph) for p in library.passages_of("act")] == [("act:s. 47(1)", "s. 47(1)"), ("act:s. 47(2)", "s. 47(2)")]
        assert library.passages_of("act")[0].reference == "Children (Examples) Act 1999 s. 47(1)"


def real(number):
    return read_source(shared(f"formats/legislation/fragment-{number}.xml"))


def test_real_paragraph_that_inserts_words():
    (block,) = real(1).blocks
    assert block.label == "s. 18(2)(a)"
    assert block.text.startswith("after subsection (1) insert\u2014\n- \u201c(1A) The reference in subsection (1) to encouraging")
    assert block.text.endswith("by existing generating stations.\u201d, and")


@pytest.mark.parametrize("number", [2, 3])
def test_real_section_in_groups(number):
    by_label = {b.label: b for b in real(number).blocks}
    assert list(by_label) == [f"s. 4({n})" for n in range(1, 12)]
    shipper = by_label["s. 4(8)"]
    assert shipper.text == "\u201cGas shipper\u201d has the same meaning as in Part 1 of the Gas Act 1986 (see section 7A(11) of that Act)."
    assert shipper.section.endswith("Expressions relating to gas")
    assert by_label["s. 4(5)"].text.startswith("In subsection (4) \u201crelevant standard conditions\u201d are the conditions")


def test_real_crossheading_with_its_date():
    source = real(3)
    assert (source.title, source.edition) == ("2022 c. 44", "As it stood on 25 October 2022")
    assert (
        source.blocks[0].section == "Reduction of domestic energy bills in England, Wales and Scotland > Interpretation of sections 1 to 3"
    )


def test_real_provisions_of_northern_ireland_are_refused():
    with pytest.raises(ReadError, match=r"fragment-4\.xml holds no provision that stands as law and extends to England"):
        real(4)


def test_real_amendments_are_quoted_inside_their_subsection():
    by_label = {b.label: b.text for b in real(5).blocks}
    assert by_label["s. 18(3)"] == (
        "In section 7 (designation of a CFD counterparty), in subsection (5), omit the words from \u201c, but only\u201d to the end."
    )
    assert by_label["s. 18(4)"].startswith(
        "In section 17 (payments to electricity suppliers), after subsection (2) insert\u2014\n- \u201c(2A) Regulations may make provision"
    )
    assert not any("2A" in label or "ca" in label for label in by_label)


def test_real_articles_of_an_order():
    source = real(6)
    assert (source.number, source.edition) == ("S.I. 2022/1406", "Made: the text as first made, without later changes")
    by_label = {b.label: b for b in source.blocks}
    assert by_label["art. 6(1)"].text == "Network Rail may construct and maintain the scheduled works."
    assert by_label["art. 6(1)"].section == "PART 2: WORKS PROVISIONS > Principal Powers > Power to construct and maintain works"
    assert by_label["art. 7"].text.endswith("- (ii) to any extent downwards as may be found to be necessary or convenient.")
    cut = [b for label, b in by_label.items() if label.startswith("art. 6(3)")]
    assert len(cut) > 1 and all(b.text.startswith("Subject to paragraph (5), Network Rail may carry out") for b in cut)
    assert all(len(b.text) <= clml.LONG for b in cut)


def test_real_act_as_enacted():
    source = real(7)
    assert source.edition == "Enacted: the text as first enacted, without later changes"
    by_label = {b.label: b for b in source.blocks}
    assert by_label["s. 1(5)"].text.split("\n")[0] == "A notice under subsection (4)(b)\u2014"
    assert by_label["s. 1(2)"].text == (
        "A company may be designated under this section only if\u2014\n- (a) it is limited by shares, and\n- (b) it is wholly owned by the Crown."
    )
    assert by_label["s. 1(8)"].text.split("\n")[1] == "- \u201ccompany\u201d means a company registered under the Companies Act 2006;"
    assert [b.label for b in real(8).blocks] == ["s. 10(1)", "s. 10(2)", "s. 10(3)"]
