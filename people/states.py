"""The fixed lists: reasons of absence, lines of on-call duty, levels of a skill, the skills that are suggested."""

from __future__ import annotations

from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WEEK = 7
WEEKDAYS = (
    pgettext_lazy("weekday, short", "Mon"),
    pgettext_lazy("weekday, short", "Tue"),
    pgettext_lazy("weekday, short", "Wed"),
    pgettext_lazy("weekday, short", "Thu"),
    pgettext_lazy("weekday, short", "Fri"),
    pgettext_lazy("weekday, short", "Sat"),
    pgettext_lazy("weekday, short", "Sun"),
)
NIGHT = (
    time(17, 30),
    time(8, 0),
)  # after the day shift until the next one: how long a duty lasts unless said otherwise
WHOLE_DAY = (time(8, 0), time(8, 0))  # Saturdays and Sundays
MOST_DAYS = 366  # of one absence


class Reason(models.TextChoices):
    """Why somebody is not there."""

    ILL = "ill", pgettext_lazy("reason of an absence", "Ill")
    LEAVE = "leave", pgettext_lazy("reason of an absence", "On leave")
    TRAINING = "training", pgettext_lazy("reason of an absence", "Training")


class Line(models.TextChoices):
    """Who is called outside the shifts: the first line, the second when the first needs help, the duty officer."""

    FIRST = "first", _("On call")
    SECOND = "second", _("Second line")
    OFFICER = "officer", _("Duty officer")


class Level(models.IntegerChoices):
    """How well somebody masters a skill."""

    LEARNER = 1, pgettext_lazy("level of a skill", "Learner")
    SKILLED = 2, pgettext_lazy("level of a skill", "Skilled")
    EXPERT = 3, pgettext_lazy("level of a skill", "Expert")


# Key → name. A hospital takes from these what it needs and adds its own.
SUGGESTED = {
    "electrician_low": pgettext_lazy("skill", "Low-voltage electrician"),
    "electrician_high": pgettext_lazy("skill", "High-voltage electrician"),
    "welder": pgettext_lazy("skill", "Welder"),
    "lift": pgettext_lazy("skill", "Lift safety manager"),
    "boiler": pgettext_lazy("skill", "Boiler operator"),
    "vessel": pgettext_lazy("skill", "Pressure vessel operator"),
    "refrigeration": pgettext_lazy("skill", "Refrigeration and air conditioning"),
    "plumber": pgettext_lazy("skill", "Plumber"),
    "joiner": pgettext_lazy("skill", "Joiner"),
    "medical_gas": pgettext_lazy("skill", "Medical gas"),
    "medical_device": pgettext_lazy("skill", "Medical devices"),
    "network": pgettext_lazy("skill", "Network and telephone"),
    "heights": pgettext_lazy("skill", "Work at heights"),
    "fire_control": pgettext_lazy("skill", "Fire control room operator"),
    "waste": pgettext_lazy("skill", "Medical waste handling"),
    "food": pgettext_lazy("skill", "Health certificate for food work"),
    "guard": pgettext_lazy("skill", "Security guard"),
}
# Which of these the law asks a valid certificate for: law and clause. Provinces may ask for more.
WORKERS, EQUIPMENT = ("安全生产法 (2021)", "第三十条"), ("特种设备安全法 (2013)", "")
LAWS = {
    **dict.fromkeys(("electrician_low", "electrician_high", "welder", "refrigeration", "heights"), WORKERS),
    **dict.fromkeys(("lift", "boiler", "vessel"), EQUIPMENT),
    "food": ("食品安全法", "第四十五条"),
    "guard": ("保安服务管理条例", "第十六条"),
}
