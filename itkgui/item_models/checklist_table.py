"""The check-list of a shipment in rows: each question in words, each answer as what it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from itkgui.item_models.record_table import Column, RecordTable
from itkgui.language import N_, _
from itkgui.records.shipment import Question

# API reference §5.8; used where the server tells no text of its own.
_WORDS = {
    "Q01": N_("Was the shipment packaged well?"),
    "Q02": N_("Is the outer box in order?"),
    "Q03": N_("Is the inner box in order?"),
    "Q04": N_("Was an ESD bag used?"),
    "Q05": N_("Was a humidity bag used?"),
    "Q06": N_("Was a vacuum bag used?"),
    "Q07": N_("Is a 50 g shock watch present?"),
    "Q08": N_("Is the 50 g shock watch not triggered?"),
    "Q09": N_("Is a 25 g shock watch present?"),
    "Q10": N_("Is the 25 g shock watch not triggered?"),
    "Q11": N_("Is there desiccant?"),
    "Q12": N_("Is there a humidity indicator?"),
    "Q13": N_("Humidity in per cent"),
    "Q14": N_("Are all items present?"),
    "Q15": N_("Remarks"),
}
_NO_IS_BAD = frozenset(("Q01", "Q02", "Q03", "Q08", "Q10", "Q14"))  # the others ask what was in the box
_REMARKS = "Q15"
_WATCH_OF = {"Q08": "Q07", "Q10": "Q09"}  # whether it is triggered, and whether there is one


@dataclass(frozen=True)
class Answer:
    """A question with its answer in words; ``tone`` is empty for what is neither good nor bad."""

    question: Question
    words: str
    icon: str = ""
    tone: str = ""

    @property
    def asked(self) -> str:
        words = _WORDS.get(self.question.code)
        return self.question.text or (_(words) if words else _("not told"))

    @property
    def is_open(self) -> bool:
        """Whether an answer is still missing; that nobody remarks anything is one."""
        return self.question.answer is None and self.question.code != _REMARKS

    @property
    def is_bad(self) -> bool:
        return self.tone == "bad"


def answers_of(checklist: Sequence[Question]) -> list[Answer]:
    """Return all questions with what their answers mean.

    A yes to "not triggered" is good news and is written out, since a bare yes is read the wrong way round.
    """
    known = {question.code: question.answer for question in checklist}
    return [_answer(question, known.get(_WATCH_OF.get(question.code, ""))) for question in checklist]


def _answer(question: Question, has_watch: bool | str | None) -> Answer:
    value = question.answer
    if value is None:
        return Answer(question, _("none") if question.code == _REMARKS else _("not answered"), tone="quiet")
    if isinstance(value, str):
        return Answer(question, value)
    word = _("yes") if value else _("no")
    if question.code in _WATCH_OF:
        if has_watch is False:
            said = _("{answer}, but there is no such shock watch").format(answer=word)
            return Answer(question, said, tone="quiet")
        if not _asks_for_not(question):  # in other words than those on record: not to be explained
            return Answer(question, word)
        word = _("yes: not triggered") if value else _("no: it is triggered")
    if question.code not in _NO_IS_BAD:
        return Answer(question, word, "check" if value else "close")
    return Answer(question, word, *(("passed", "good") if value else ("failed", "bad")))


def _asks_for_not(question: Question) -> bool:
    return not question.text or "not" in question.text.casefold().split()


ANSWER_COLUMNS: tuple[Column[Answer], ...] = (
    Column(N_("No."), lambda a: a.question.code),
    Column(N_("Question"), lambda a: a.asked, hint=lambda a: a.asked),
    Column(
        N_("Answer"), lambda a: a.words, icon=lambda a: a.icon, tone=lambda a: a.tone, hint=lambda a: a.words
    ),
)


class ChecklistTable(RecordTable[Answer]):
    """The check-list that the recipient filled in."""

    def __init__(self) -> None:
        super().__init__(ANSWER_COLUMNS)
