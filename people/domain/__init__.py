"""The verbs of rosters, duties, absences and skills. The actor comes first; each writes one line of history."""

from people.domain.absences import end_absence, enter_absence
from people.domain.duties import set_duty, usual_times
from people.domain.rosters import (
    add_extra,
    add_shift,
    copy_week,
    edit_shift,
    end_shift,
    follow_merge,
    remove_extra,
    set_day,
    set_standard,
    swap,
)
from people.domain.skills import add_skill, edit_skill, give_skill, need_skills, strike_term, take_skill
from people.domain.worked import judge, judge_lately, need_certificates

__all__ = [
    "add_extra",
    "add_shift",
    "add_skill",
    "copy_week",
    "edit_shift",
    "edit_skill",
    "end_absence",
    "end_shift",
    "enter_absence",
    "follow_merge",
    "give_skill",
    "judge",
    "judge_lately",
    "need_certificates",
    "need_skills",
    "remove_extra",
    "set_day",
    "set_duty",
    "set_standard",
    "strike_term",
    "swap",
    "take_skill",
    "usual_times",
]
