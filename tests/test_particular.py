"""What a question asks for exactly, and whether sentences give it: worked by hand."""

import pytest

from assistant.particular import Particular, given, gives, particular, titles
from assistant.text import content_stems


@pytest.mark.parametrize(
    "question",
    [
        "how long from the date of referral to finish an assessment",
        "which year groups need a pep",
        "when did social workers have to visit",
        "what is the duty on schools",
        "what can we share with schools",
        "what happens when police are called to a home",
        "who made the decision to move children",
        "do foster carers pay council tax",
    ],
)
def test_a_question_of_law_or_practice_asks_for_no_particular(question: str) -> None:
    assert particular(question) is None


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("how much did the youth zone cost to build", Particular.SUM),
        ("annual budget for family therapy", Particular.SUM),
        ("new setting up home grant amount £", Particular.SUM),
        ("how many children were in unregistered homes", Particular.NUMBER),
        ("exact number of personal advisers", Particular.NUMBER),
        ("what % of visits were on time", Particular.SHARE),
        ("vacancy rate in the family support teams", Particular.SHARE),
        ("which company runs the advocacy service", Particular.NAME),
        ("name of the interim director", Particular.NAME),
        ("what are the social worker pay bands", Particular.SUM),
        ("when was the new strategy agreed", Particular.DATE),
        ("what month does the pilot end", Particular.DATE),
        ("who carried out the peer review", Particular.NAME),
        ("which two social work practice models were brought in", Particular.NAME),
        ("which hotel were the young people put in", Particular.NAME),
        ("how many working days to hold a conference", Particular.TIME),
        ("how long does an interim order last", Particular.TIME),
        ("by which week is the final hearing", Particular.TIME),
        ("which week group do we join", None),
        ("up to what age are care leavers supported", Particular.AGE),
        ("what happens at an age assessment", None),
        ("what age assessment guidance is there", None),
        ("what does the charity charge for the training", Particular.SUM),
        ("what's the maximum fine for an unregistered home", Particular.SUM),
        ("the most we can pay a family in cash", Particular.SUM),
        ("what charges of neglect were brought", None),
        ("what do I do if police charge a young person in care", None),
        ("what is the maximum amount of time in police protection", None),
        ("what amount of contact should there be", None),
        ("what age-appropriate work did they do", None),
        ("how old can an assessment be before it must be updated", None),
        ("how long is it since the last inspection", None),
        ("how many more weeks did families wait", Particular.TIME),
        ("how many school days did they miss", Particular.TIME),
        ("average number of days from care to adoption", None),
        ("when must the first review be held", None),
        ("do we need a date of birth for a referral", None),
        ("do they have enough funding", None),
        ("why was supervision irregular", None),
    ],
)
def test_kinds_of_particular(question: str, kind: Particular | None) -> None:
    assert particular(question) is kind


def _shared(question: str):  # type: ignore[no-untyped-def]
    asked = set(content_stems(question))
    return lambda text: len(asked & set(content_stems(text))) / len(asked)


@pytest.mark.parametrize(
    ("question", "sentence", "held"),
    [
        ("how many care leavers lost touch", "The council lost touch with a quarter (190) of its care leavers.", True),
        ("how many care leavers lost touch", "The council lost touch with too many care leavers.", False),
        ("how many children were in unregistered homes", "One service, Route 29, supports children in homes of their own.", False),
        ("what % of visits were on time", "Only 61% of visits were on time.", True),
        ("what % of visits were on time", "Most visits were on time.", False),
        ("what proportion of visits were on time", "Most visits were on time.", True),
        ("how much did the youth zone cost", "The youth zone cost £6 million.", True),
        ("how much did the youth zone cost", "The youth zone was a large cost to the council.", False),
        ("which company runs the advocacy service", "The advocacy service is one that Coram Voice runs for a company.", True),
        ("which company runs the advocacy service", "The council's advocacy service is one that an outside company runs.", False),
        ("how many care leavers were closed", "Care leavers who become 21 were closed to the service.", False),
        ("how many care leavers were closed", "Care leavers between 18 and 25, in years 9, 10 and 11, were closed.", False),
        ("how many 18-21 care leavers were closed", "A further 21 care leavers were closed.", True),
        ("average caseload of a personal adviser, the number", "A personal adviser has a caseload, and 21 caseloads were checked.", False),
        ("average caseload of a personal adviser, the number", "The average caseload of a personal adviser is 21.", True),
        ("how many children were placed", "Between 2019 and 2021, 45 children were placed.", True),
        ("how many children were placed", "Of those aged 18 to 21, 40 children were placed.", True),
        ("how many children were placed", "Between 30 and 40 children were placed.", True),
        ("how many children were placed", "The authority\u2019s 12 children were placed.", True),
        ("how many children were placed", "Of the children placed, 12 may be moved.", True),
        ("when was the 2019 strategy agreed", "The 2019 strategy was agreed.", False),
        ("when was the strategy agreed", "The strategy under the Children Act 1989 was agreed.", False),
        ("when was the strategy agreed", "The strategy was agreed in 2019.", True),
        ("when was the strategy agreed", "The strategy was agreed after a debate.", False),
        ("what month was the strategy agreed", "The strategy was agreed in 2019.", False),
        ("what month was the strategy agreed", "The strategy was agreed in May 2019.", True),
        ("why was the youth zone built", "No reason stands here.", True),
    ],
)
def test_a_sentence_gives_the_particular_or_not(question: str, sentence: str, held: bool) -> None:
    assert given(question, [sentence], _shared(question)) is held


@pytest.mark.parametrize(
    ("question", "sentence", "held"),
    [
        ("how many days after the review is the plan sent", "The plan is sent as soon as it is agreed.", True),
        ("how many days after the review is the plan sent", "The plan is sent within 15 working days.", True),
        ("how many days after the review is the plan sent", "The plan is sent to the child and the parents.", False),
        ("how long does an order last", "An order ends when the child is adopted.", True),
        ("how long does section 20 last", "It can be ended at any time by a parent.", True),
        ("how long does a plan last", "It lasts as long as the child is likely to suffer harm.", True),
        ("how many days until the plan", "Once agreed, the plan is shared.", False),
        ("at what age is a child able to consent", "A child who has attained the age of 16 may consent.", True),
        ("up to what age are they supported", "They are supported to their twenty-fifth birthday.", True),
        ("up to what age are they supported", "They are supported until 25.", True),
        ("up to what age are they supported", "They are supported within 10 working days of asking.", False),
        ("what age range is the tool for", "The tool is for children of all ages.", True),
    ],
)
def test_law_and_guidance_tell_a_time_or_an_age_in_their_own_ways(question: str, sentence: str, held: bool) -> None:
    holds = gives(question)
    assert holds is not None and holds(sentence) == held


def test_a_time_in_findings_is_told_by_a_number_alone() -> None:
    holds = gives("how many weeks is the course", whose="Norfolk")
    assert holds is not None and holds("The course takes six weeks.") and not holds("The course is run annually.")


def test_a_particular_of_something_else_is_not_given() -> None:
    question = "how much did the youth zone cost"
    assert not given(question, ["The youth zone cost a lot.", "Care leavers receive £2,500 for a first tenancy."], _shared(question))


def test_a_passage_that_gives_the_particular_is_told_from_one_that_does_not() -> None:
    holds = gives("how many care leavers lost touch")
    assert holds is not None and holds("It lost touch with 190 of them.") and not holds("It lost touch with too many.")
    assert gives("why did they lose touch") is None


LIBRARY = [
    "The Regional Adoption Agency trains adopters.",
    "Each regional adoption agency is run with a charity.",
    "Pure Insight helps care leavers.",
    "Signs of Safety is used where signs of harm and a lack of safety are seen.",
]


def test_what_the_library_writes_in_small_letters_too_is_a_title() -> None:
    found = titles(LIBRARY)
    assert {("regional", "adoption"), ("adoption", "agency")} <= found
    assert ("pure", "insight") not in found  # always with capitals
    assert ("is", "run") not in found  # never with them


@pytest.mark.parametrize(
    ("sentence", "held"),
    [
        ("The Regional Adoption Agency is the organisation that trains adopters.", False),
        ("The regional organisation that trains adopters is Pure Insight.", True),
        ("Calderdale Metropolitan trains adopters in an organisation.", False),
        ("The organisation that trains adopters is Calderdale Children\u2019s Trust.", True),
        ("The organisation trains adopters in Signs of Safety.", True),
        ("The organisation\u2019s adopters train in \u2018Upwards\u2019.", True),
    ],
)
def test_neither_a_title_nor_the_authority_asked_about_is_a_name(sentence: str, held: bool) -> None:
    question = "which organisation trains adopters"
    assert given(question, [sentence], _shared(question), lambda: titles(LIBRARY), "Calderdale") is held


def test_a_date_stands_in_the_best_passage_or_in_a_sentence_about_what_is_asked() -> None:
    question = "when was the strategy agreed"
    dated = "The visit began on 15 April 2025."
    assert given(question, [dated], _shared(question))
    assert not given(question, ["The strategy was agreed.", dated], _shared(question))


def test_a_sum_of_something_else_in_the_best_passage_is_not_given() -> None:
    question = "how much did the youth zone cost"
    assert not given(question, ["Care leavers receive £2,500 for a first tenancy."], _shared(question))


def test_what_is_in_quotes_names_a_scheme_and_no_institution() -> None:
    sentence = "Visits to the college are part of \u2018Upwards\u2019, the scheme for care leavers."
    assert given("which scheme is for care leavers", [sentence], _shared("which scheme is for care leavers"))
    assert not given("which college is for care leavers", [sentence], _shared("which college is for care leavers"))


def test_a_number_beside_the_best_passage_stands_in_the_clause_about_what_it_counts() -> None:
    question = "how many care leavers answered the survey"
    best = "The survey was sent to all of them."
    other = "For care leavers who answered the survey, work with the 12 districts was slow."
    assert given(question, [other], _shared(question))
    assert not given(question, [best, other], _shared(question))
    assert given(question, [best, "Only 40 care leavers answered the survey, and work was slow."], _shared(question))


def test_who_holds_a_post_is_asked_of_findings_by_name_and_of_the_law_not() -> None:
    assert particular("who was the new chief executive", found=True) is Particular.PERSON
    assert particular("who is the principal social worker") is None


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("how do I refer a family to the hub", Particular.STEPS),
        ("what are the criteria for a place at the hub", Particular.STEPS),
        ("what is in the toolkit", Particular.STEPS),
        ("was the pilot made permanent", Particular.AFTER),
        ("how did the reorganisation work out?", Particular.AFTER),
        ("are the 12 families still in their homes", Particular.AFTER),
        ("number of weeks on the course", Particular.TIME),
        ("when does the strategy run to?", Particular.DATE),
        ("who chairs the board", Particular.PERSON),
        ("who got commissioned to run the review", Particular.NAME),
        ("how much did the department put in", Particular.SUM),
        ("when exactly did the cabinet agree", Particular.DATE),
        ("what did foster carers tell inspectors about the training", Particular.VOICE),
        ("what do the judges and cafcass make of the court work", Particular.VOICE),
        ("how does the rate of re-referrals compare with the national one", Particular.COMPARISON),
        ("how do caseloads compare with before", Particular.COMPARISON),
        ("since when has the hub been open", Particular.DATE),
        ("by when is the strategy due", Particular.DATE),
        ("when do the new plans go live", Particular.DATE),
        ("how long are families waiting for the service", Particular.TIME),
        ("what did inspectors say about foster carers", None),
        ("what do managers do when workers say they are overwhelmed", None),
        ("what did the council do about what children said", None),
        ("which children trust their social workers", None),
        ("how does kinship care compare with the national framework", None),
        ("what does the report say about parents", None),
        ("what did the 2022 report say needed to improve for young people", None),
        ("what has careful planning with adopters led to", None),
        ("compare supervision and caseloads", None),
        ("how did the strategy help", None),
        ("are visits still late", None),
        ("what is in the improvement plan", None),
        ("what is the PLO process like", None),
        ("is the referral pathway clear to partners", None),
        ("do partners understand threshold criteria", None),
        ("how do partners apply thresholds", None),
        ("how do care leavers get access to their health histories", None),
        ("what form does supervision take", None),
        ("what does good management oversight actually look like", None),
        ("do schools know how to refer to MASH", None),
        ("are children still at risk of harm", None),
        ("did they meet the 20-day timescale for health assessments", None),
        ("are missing children interviewed afterwards", None),
        ("when do social workers start permanence planning", None),
    ],
)
def test_some_particulars_are_only_asked_of_findings(question: str, kind: Particular | None) -> None:
    assert particular(question, found=True) is kind
    assert particular(question) is None


@pytest.mark.parametrize(
    ("question", "sentence", "held"),
    [
        ("how do I refer a family to the hub", "Families are referred to the hub by social workers.", False),
        ("was the hub made permanent", "The hub is a permanent service.", False),
        ("what did parents say about the hub", "Parents told inspectors that the hub had helped them.", True),
        ("what did parents say about the hub", "The hub is valued by many parents.", True),
        ("what did parents say about the hub", "The hub gives parents a place to meet.", False),
        ("what did parents say about the hub", "Children say that they like the hub.", False),
        ("what did birth parents say about the hub", "Adoptive parents say that they like the hub.", False),
        ("what did kids think of the hub", "Young people who go to the hub described it as a second home.", True),
        ("what did staff say about the hub", "Staff turnover is high and the trust has plans for the hub.", False),
        ("what did children say about the hub", "Children's needs are reported to the hub.", False),
        ("how do caseloads compare with other authorities", "Caseloads of more than 20 children are high.", False),
        ("how do caseloads compare with other authorities", "Caseloads are lower than in similar authorities.", True),
        ("how do caseloads compare with other authorities", "Caseloads have fallen since the last inspection.", False),
        ("how do caseloads compare with last year", "Caseloads have fallen since the last inspection.", True),
        ("how do caseloads compare with last year", "Caseloads are manageable.", False),
        ("how many weeks is the hub course", "The hub course takes 12 weeks.", True),
        ("how many weeks is the hub course", "The hub course takes up to six months.", True),
        ("how many weeks is the hub course", "The hub course is held three times a week.", False),
        ("how many weeks is the hub course", "The hub course began in the last six months.", False),
        ("how many weeks is the hub course", "A 16-year-old took the hub course.", False),
        ("how many weeks is the hub course", "The hub course has 12 places.", False),
        ("who chairs the hub board", "The hub board is chaired by the lead member.", True),
        ("who chairs the hub board", "Team managers chair the hub board.", True),
        ("who is the director of the hub", "The work of the hub is led by its director.", False),
        ("who chairs the hub board", "The hub board has a strong chair.", False),
        ("who is the chair of the hub board", "The hub board has a new chair, Jo Bloggs.", True),
        ("who is the chair of the hub board", "The hub board's chair meets the Health Board and West Midlands Police.", False),
        ("how many children are at the hub", "There are no children at the hub.", True),
        ("how many children are at the hub", "There is no evidence that children gain from the hub.", False),
        ("how many children are at the hub", "The hub has no impact on children.", False),
        ("which borough runs the hub", "The hub is run by the London Borough of Redbridge.", True),
    ],
)
def test_what_is_asked_of_findings_is_given_or_not(question: str, sentence: str, held: bool) -> None:
    assert given(question, [sentence], _shared(question), whose="Sandwell") is held


@pytest.mark.parametrize(
    ("question", "sentence", "held"),
    [
        ("what is the exploitation team called", "Children get help from the dedicated Sunrise team.", True),
        ("what is the exploitation team called", "Children get help from the exploitation team.", False),
        ("what's the front door team called", "The safeguarding team (ISIT) at the front door is changing.", True),
        ("what is the exploitation team called", "Children get help from the NHS team for exploitation.", False),
    ],
)
def test_one_word_in_capitals_names_a_team(question: str, sentence: str, held: bool) -> None:
    assert given(question, [sentence], _shared(question)) is held


def test_what_has_or_is_called_for_asks_for_no_name() -> None:
    assert particular("what has the council done for the community") is None
    assert particular("strategy meetings, were they being called too readily") is None


def test_a_thousand_is_a_number_where_an_age_may_stand():
    assert gives("how many children from elsewhere live in Kent", whose="Kent")("There are over 1,200 children in care who live in Kent.")


@pytest.mark.parametrize("post", ["acting director", "the managing director", "the incoming director", "serving as lead member"])
def test_who_is_in_a_post_is_a_person(post: str) -> None:
    assert particular(f"who is {post}", True) is Particular.PERSON
    assert particular("who is coaching the new lead member", True) is None, "it asks for the coach"


@pytest.mark.parametrize(
    "question, head, foot",
    [
        ("who was dcs when they wrote", True, False),
        ("who wrote this letter", False, True),
        ("who is the lead member", False, False),  # the letter is to another
        ("which university trains the nqsws", False, False),
    ],
)
def test_how_a_letter_begins_and_ends_tells_of_those_it_is_to_and_from(question: str, head: bool, foot: bool) -> None:
    begins = "Jo Field, Director of Children's Services\nAlderly Council\nDear Ms Field"
    ends = "Yours sincerely\nKim Marsh\nHis Majesty's Inspector"
    for text, held in (
        (begins, head), (begins.replace("\nDear Ms Field", ""), False), ("Dear all\nAlderly Council", False),
        (ends, foot), (ends.replace("Yours sincerely\n", ""), False),
    ):  # fmt: skip
        assert given(question, [text, ""], lambda sentence: 0.0, whose="Alderly") is held
    assert not given(question, ["", begins], lambda sentence: 0.0, whose="Alderly"), "the best passage alone"
