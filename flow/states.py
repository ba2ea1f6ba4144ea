"""A state is declared once: its words, colour and icon. Badges, boards and charts draw it from here."""

from dataclasses import dataclass

from django.utils.functional import Promise

RED, AMBER, GREEN, BLUE, GREY = "red", "amber", "green", "blue", "grey"


@dataclass(frozen=True)
class State:
    """One value of a state, urgency or other short list, as people see it."""

    value: str
    label: str | Promise
    tone: str = GREY
    icon: str = "circle"
    final: bool = False


def table(*states: State) -> dict[str, State]:
    return {state.value: state for state in states}


def choices(states: dict[str, State]) -> list[tuple[str, str | Promise]]:
    return [(state.value, state.label) for state in states.values()]
