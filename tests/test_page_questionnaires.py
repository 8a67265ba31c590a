"""The page of questionnaires: choosing a questionnaire, a topic and a question, and how much of it is sent."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.test_pages import opened, words

PAGE = "questionnaires.py"
MOST_KIB = 320
"""What the page may weigh with today's records; with every round, answer and table in it, it weighed twice as much."""


def chosen(session: AppTest) -> tuple[str, str, str]:
    """The questionnaire, topic and question that the address of a session names."""
    return tuple(session.query_params.get(name, "") for name in ("round", "topic", "question"))  # type: ignore[return-value]


@pytest.mark.usefixtures("shipped")
def test_a_question_is_chosen_shown_alone_and_left_again() -> None:
    session = opened(PAGE, "en")
    assert session.selectbox(key="round_choice").value == "Q2012"
    assert "How many states returned the OAS questionnaires" in words(session)
    session.selectbox(key="question_choice").select("Q2012-01").run()
    assert [error.value for error in session.exception] == []
    assert chosen(session) == ("Q2012", "", "Q2012-01")
    assert "1. Which national legislation applies?" in words(session)
    assert "How many states returned the OAS questionnaires" not in words(session)
    session.selectbox(key="question_choice").select("").run()
    assert chosen(session) == ("Q2012", "", "")
    assert "Who answered what" in words(session)


@pytest.mark.usefixtures("shipped")
def test_another_questionnaire_leaves_topic_and_question_behind() -> None:
    session = opened(PAGE, "en", question="Q2012-01")
    session.selectbox(key="round_choice").select("ILO-C29").run()
    assert chosen(session) == ("ILO-C29", "", "")
    session.selectbox(key="topic_choice").select("national plan").run()
    assert chosen(session) == ("ILO-C29", "national plan", "")
    session.selectbox(key="question_choice").select("ILO-C29-04").run()
    assert [error.value for error in session.exception] == []
    assert chosen(session)[2] == "ILO-C29-04"
    assert "the answers of 11 states are on record" in words(session)


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize(
    "parameters",
    [
        {"question": "Q2012-1"},
        {"question": "<b>x</b>", "round": "Q2012"},
        {"question": "Q2012-01", "period": "2019-2020"},
        {"round": "RTP-I-FU"},
        {"round": "UNSR-2013", "topic": "training"},
        {"question": "ILO-C29-04", "round": "Q2012", "topic": "treaty", "scheme": "sica"},
    ],
)
def test_odd_addresses_are_answered(parameters: dict[str, str]) -> None:
    session = opened(PAGE, "en", **parameters)
    assert [error.value for error in session.exception] == []
    assert words(session).count("<h1") == 1
    assert "<b>x</b>" not in words(session)


@pytest.mark.usefixtures("shipped")
def test_an_unknown_question_is_told_with_the_nearest() -> None:
    message = next(
        str(element.value)
        for element in opened(PAGE, "en", question="Q2012-1").html
        if 'role="alert"' in str(element.value)
    )
    assert "“Q2012-1” (question)" in message
    assert "question=Q2012-1" in message


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("parameters", [{}, {"round": "ILO-C29"}, {"question": "ILO-C29-04"}])
def test_the_page_holds_what_was_chosen_and_not_everything(parameters: dict[str, str]) -> None:
    assert len(words(opened(PAGE, "es", **parameters)).encode()) < MOST_KIB * 1024
