"""What a written sentence may not change of its passage, rule by rule."""

import pytest

from assistant.check import WrittenCheck
from assistant.content import aligned
from assistant.faults import Source, faults

FOUND = Source(
    "The majority of children receive a timely response. A significant minority of children in some teams experience support which is "
    "less effective. However, a minority of parental assessments lack sufficient depth. Managers do not always record decisions.",
    "Focused visit to Sandwell Ofsted 20 May 2025",
)
CLOCK = Source(
    "The core group should first meet within 10 working days of the initial conference. The conference itself should be held within "
    "15 working days of the strategy discussion.",
    "Core groups Working Together to Safeguard Children 2026",
    "should",
)
LAW = Source(
    "A care order may be made only if the child is suffering significant harm. Section 31ZA is enacted but not confirmed in force."
)


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("A minority of parental assessments lack depth.", FOUND),
        ("The majority of children receive a timely response.", FOUND),
        ("Managers do not always record decisions.", FOUND),
        ("The letter of 20 May 2025 says that the majority of children receive a timely response.", FOUND),
        ("The core group should first meet within 10 working days of the initial conference.", CLOCK),
        ("Working Together 2026 says that the conference should be held within 15 working days of the strategy discussion.", CLOCK),
        (
            "A court may make a care order only if the child is suffering significant harm.",
            Source(LAW.text.replace("be made", "be made by a court")),
        ),
    ],
)
def test_what_keeps_to_its_passage_has_no_fault(sentence, source):
    assert faults(sentence, [source]) == []


@pytest.mark.parametrize(
    ("sentence", "source", "said"),
    [
        ("Parental assessments lack sufficient depth.", FOUND, "leaves out how many"),
        ("A majority of parental assessments lack sufficient depth.", FOUND, "how many or how often (most)"),
        ("All children receive a timely response.", FOUND, "(all)"),
        ("Managers always record decisions.", FOUND, "leaves out not"),
        ("A significant minority of children in some teams experience support which is more effective.", FOUND, "says more"),
        ("A minority of parental assessments in Dudley lack sufficient depth.", FOUND, "names Dudley"),
        ("A minority of parental assessments lack sufficient depth because social workers are new.", FOUND, "cause"),
        ("A minority of police assessments lack sufficient depth.", FOUND, "speaks of polic"),
        ("The letter of 20 May 2024 says that the majority of children receive a timely response.", FOUND, "gives a date"),
        ("The core group should first meet within 12 working days of the initial conference.", CLOCK, "number"),
        ("The core group should first meet within 15 working days of the initial conference.", CLOCK, "something else"),
        ("The core group should first meet within 10 working days of the strategy discussion.", CLOCK, "from something else"),
        ("The core group must first meet within 10 working days of the initial conference.", CLOCK, "says must"),
        ("The core group should not meet within 10 working days of the initial conference.", CLOCK, "says not"),
        ("A care order may be made if the child is suffering significant harm.", LAW, "leaves out how many or how often (only)"),
        ("A care order must be made if the child is suffering significant harm.", LAW, "says must"),
        ("Section 31ZA is enacted and in force.", LAW, "in force"),
        ("See https://evil.example/login about the core group meeting.", CLOCK, "address"),
        ("Yes.", CLOCK, "too short"),
    ],
)
def test_what_changes_its_passage_is_found(sentence, source, said):
    assert said in "; ".join(faults(sentence, [source]))


TEAMS = Source(
    "Senior leaders appoint the audit team. The audit team met during the inspection. Almost all care leavers have a plan. Plans are "
    "reviewed where practicable. The board intends to publish its plan, which is new. Referrals to the front door have increased. A clear pathway helps families. "
    "Staff must share concerns. A reviewing officer may share its file. Visits were late, which families said. Caseloads were high.",
    "Inspection of Leeds Ofsted 4 March 2025 section 17(10) of the Children Act 1989",
)
ASKED = Source("Ensure that all staff have manageable caseloads and that the workforce is stable.")
EXCLUDED = Source("A working day excludes weekends and bank holidays. Logos are outside the licence and are the exception.")
NAMED = Source("Elected members give clear political support to the senior leadership team.")
SAID = Source(
    "The law says 'in care' for a child under a care order, whereas Ofsted says 'children in care'. Older pages say 0.07 per cent. The "
    "threshold has changed over time. A team has a doctor whom the board chooses after consulting partners. An assessment considers 3 "
    "areas: the child's needs, parenting capacity, and family and environmental factors. The 2026 edition has stronger content on abuse. "
    "Children who return home should have their needs assessed and support planned. The tool looks at what life is like, which parents know."
)
BOTH = Source("The lead need not be a social worker, but must not be the child's parent.")
TWO = Source(
    "The relationships of social workers are strong. They understand the experiences and trauma of children. Visitors give valuable help."
)


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("In Leeds, Ofsted's report of 4 March 2025 says, almost all care leavers have a plan.", TEAMS),
        ("Under section 17(10) of the Children Act 1989, staff must share concerns.", TEAMS),
        ("The board aims to publish its plan.", TEAMS),
        ("Plans can be reviewed where practicable.", TEAMS),
        ("A reviewing officer can share its file.", TEAMS),
        ("Ofsted asks Leeds to ensure that all staff have manageable caseloads.", Source(ASKED.text, TEAMS.about)),
        ("Clear political support is given to the senior leadership team by elected members.", NAMED),
        ("Social workers understand the experiences and trauma of children.", TWO),
        ("A working day does not include weekends or bank holidays.", EXCLUDED),
        ("Services for care leavers require improvement.", Source("Services for care leavers require improvement to be good.")),
        ("All four reports refer to the same plan.", Source("All four reports are about the same plan.")),
        ("The 2026 edition has stronger content on abuse.", SAID),
        ("The lead must not be the child's parent.", BOTH),
        ("Homes must be registered for young people aged 16 or 17.", Source("Homes for young people aged 16 or 17 must be registered.")),
        ("Practitioners agree who the child stays with.", Source("Practitioners agree who the child stays with over holidays.")),
        ("Leaders know children well.", Source("Practice varies; however, leaders know children well.")),
        (
            "The order can run for 7 days from the date when the assessment is due to start.",
            Source("The order can run for 7 days from the date when the assessment starts."),
        ),
        ("Older pages say that it is 0.07 per cent.", SAID),
        ("A doctor is whom the board chooses after it has consulted partners.", SAID),
        ("The tool looks at what life is like.", SAID),
    ],
)
def test_where_it_stands_and_how_it_is_put_is_no_fault(sentence, source):
    assert faults(sentence, [source]) == []


@pytest.mark.parametrize(
    ("sentence", "source", "said"),
    [
        ("All care leavers have a plan.", TEAMS, "leaves out how many or how often (nearly)"),
        ("Plans are reviewed by managers.", Source("Plans are reviewed by managers wherever possible."), "(where possible)"),
        ("The board will publish its plan.", TEAMS, "(intended)"),
        ("Referrals to the front door have fallen.", TEAMS, "says fallen where the passage says increas"),
        ("An unclear pathway helps families.", TEAMS, "says unclear where the passage says clear"),
        ("Staff may share concerns.", TEAMS, "says may where the passage says must"),
        ("The audit team met after the inspection.", TEAMS, "says after where the passage says during"),
        ("Visits were late because caseloads were high.", TEAMS, "only says beside it"),
        ("Under section 18(10) of the Children Act 1989, staff must share concerns.", TEAMS, "names section 18(10)"),
        ("All staff have manageable caseloads and the workforce is stable.", ASKED, "says as done what the passage asks for"),
        ("Logos are not excluded from the licence.", EXCLUDED, "says not"),
        ("The senior leadership team gives clear political support to elected members.", NAMED, "exchanges"),
        (
            "Ofsted has not stopped giving grades to councils.",
            Source("Ofsted stopped giving grades to councils in April."),
            "already denied",
        ),
        ("The days run from the date of the report.", Source("The days run from the council receiving the report."), "clock run"),
        (
            "A conference and a meeting are the same thing.",
            Source("A conference is one kind of thing; meeting is the wide term."),
            "the same",
        ),
        (
            "The trust responds with an initial age assessment.",
            Source("When children are taken for adults by the Home Office, the trust responds with an initial age assessment."),
            "when it holds",
        ),
        ("Services for care leavers require improvement.", Source("Services for care leavers are effective."), "requires improvement"),
        ("The grade for care leavers was good.", Source("The grade for care leavers was requires improvement to be good."), "leaves out"),
        (
            "A focused visit is a full inspection and gives no grade.",
            Source("A focused visit is not a full inspection and gives no grade."),
            "out not",
        ),
        ("Staff are able to share concerns.", TEAMS, "says may"),
        ("Information can be shared without consent.", Source("Information was shared without consent."), "says may"),
        (
            "The trust's 20 social workers are positive.",
            Source("The trust's social workers are positive.", TEAMS.about + " 20 May 2025"),
            "number",
        ),
        ("No report says that plans for children are timely.", Source("Plans for children are timely.", TEAMS.about), "says not"),
        ("Missing children are not offered interviews.", Source("Missing children are offered interviews."), "says not"),
        (
            "A child may be placed with a carer before they are approved.",
            Source("A child may not be placed with a carer until they are approved."),
            "out not",
        ),
        ("Anyone may apply to the court for an order.", Source("A parent may apply to the court for an order."), "(all)"),
        ("Plans for children are late.", Source("Too many plans for children are late."), "(many)"),
        ("Children must be seen by a nurse quickly.", Source("Children who need to be seen by a nurse are seen quickly."), "says must"),
        ("Supervision for all staff has improved.", Source("Improve the supervision for all staff."), "asks for"),
        ("The words therefore mean since 2025.", Source("The visit was in April 2025. The words therefore mean since 2022."), "since 2025"),
        ("The first review follows the first review.", Source("The second review follows the first review of the child."), "once more"),
        (
            "A strong ethos is reflected in the work of the.",
            Source("A strong ethos is reflected in the work of the service."),
            "breaks off",
        ),
        ("The passage has to go in a care plan.", Source("The plan has to go in a care plan."), "speaks of the passage"),
        ("Visitors who give valuable help understand the experiences and trauma of children.", TWO, "says of"),
        ("The 2026 edition should have its needs assessed and support planned.", SAID, "says of edit"),
        ("The lead should not be a social worker.", Source("The lead need not be a social worker."), "forbids"),
        ("The lead need not be told.", Source("The lead must not be told."), "forbids"),
        ("The lead doesn't have to be told.", Source("The lead must not be told."), "forbids"),
        ("The lead need not be the child's parent.", BOTH, "forbids"),
        (
            "This is due to the quality of oversight.",
            Source("This is due to caseloads. Leaders know that the quality of oversight remains an area for improvement."),
            "gives as a cause",
        ),
        ("Contact may be refused for 7 days.", Source("Contact may be refused for 7 days with the parents' consent."), "leaves out with"),
        (
            "This is due to the quality of oversight.",
            Source("Support is weak. This is due to caseloads. The quality of oversight remains an area for improvement."),
            "gives as a cause",
        ),
        ("The 2026 edition has stronger content on.", SAID, "breaks off"),
        ("Parenting capacity; and 3.", SAID, "breaks off"),
        ("Family and environmental factors.", SAID, "is no sentence"),
        ("The law says 'in care' for a child under a care order, whereas Ofsted says.", SAID, "somebody say"),
        ("Older pages say that the threshold has changed over time.", SAID, "somebody say"),
        ("A team has a doctor whom the board chooses.", SAID, "leaves out after consulting partners"),
    ],
)
def test_a_change_that_keeps_the_words_is_found(sentence, source, said):
    assert any(said in fault for fault in faults(sentence, [source])), faults(sentence, [source])


def test_two_passages_carry_a_sentence_together_and_neither_does_alone():
    both = "The core group should first meet within 10 working days of the initial conference, and managers do not always record decisions."
    assert faults(both, [CLOCK, FOUND]) == []
    assert faults(both, [CLOCK]) and faults(both, [FOUND])


def test_a_sentence_is_compared_with_what_says_nearly_the_same():
    texts = ["Plans are made early.", "Plans are reviewed by the officer.", "Visits are due."]
    assert aligned("The officer reviews the plans.", texts) == [1]


class Never:
    """An entailment model that finds nothing to follow."""

    def entails(self, premise: str, claim: str) -> bool:
        return False


def test_content_that_no_passage_carries_is_dropped_and_an_entailment_model_has_the_last_word(embedder):
    check = WrittenCheck(embedder.embed)
    assert not check.verdict("Inspectors admired the new building beside the canal.", [FOUND]).stands
    same = "The majority of children receive a timely response."
    verdict = check.verdict(same, [FOUND])
    assert verdict.stands and verdict.stretches == ((0, len(same)),)
    assert not WrittenCheck(embedder.embed, entailment=Never()).verdict(same, [FOUND]).stands
