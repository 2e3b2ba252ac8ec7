from concurrent.futures import ThreadPoolExecutor

from assistant.text import clean, content_stems, pages, sentences, stem


def test_sentences_end_at_full_stops_but_not_in_references():
    text = "See s. 47(1)(b) of the Act. The test is in para. 4. Is it met? Yes."
    assert sentences(text) == ["See s. 47(1)(b) of the Act.", "The test is in para. 4.", "Is it met?", "Yes."]


def test_a_bullet_list_is_one_sentence_with_its_lead_in():
    text = "Inspectors looked at:\n- letters before proceedings. Two of them\n- family breakdown; and\n- decisions."
    assert sentences(text)[0].startswith("Inspectors looked at:\n- letters before proceedings.")
    assert sentences("What needs to improve?\n- Supervision.\n- Audits.") == ["What needs to improve?\n- Supervision.\n- Audits."]


def test_words_that_follow_a_list_in_lower_case_go_on_with_its_sentence():
    text = "Where a council\u2014\n- (a) is told; or\n- (b) suspects harm,\nthe council shall make enquiries.\nAnother line."
    assert sentences(text) == [text.removesuffix("\nAnother line."), "Another line."]


def test_invisible_characters_go_and_letters_stay():
    assert clean("su\u200bper\u00advision\u00a0caf\u0065\u0301\r\n") == "supervision caf\u00e9\n"
    assert clean("call" + "".join(chr(0xE0000 + ord(c)) for c in "nobody") + " the duty team") == "call the duty team"


def test_pages_of_a_paragraph_that_runs_over_a_page_break():
    assert [pages(3, 4), pages(3, None), pages(None, None)] == ["pages 3 to 4", "page 3", ""]


def test_content_words_are_stemmed_once_each():
    assert content_stems("Are the children's children supervised?") == ["children", "supervis"] or content_stems(
        "supervised supervision"
    ) == ["supervis"]


def test_a_word_has_one_stem_however_many_ask_at_once():
    asked = [f"{start}{end}" for start in ("inspect", "visit", "assess", "plac") for end in ("ions", "ing", "ed", "ements")]
    words = [f"{i}{word}" for i in range(600) for word in asked]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(stem.__wrapped__, words))
    assert together == [stem.__wrapped__(word) for word in words]
