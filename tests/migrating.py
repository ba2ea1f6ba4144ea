"""The tests' tables are made by all migrations, without rendering half of all models anew after each operation.

Django keeps the models of a migration's moment linked to one another: whoever touches one renders all that are related, which
here are nearly all. The statements need only the model they are about. Before a step in Python everything is rendered properly.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.db.migrations.state import ProjectState


def _itself(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:
    state.is_delayed = True  # Django's word for: render all before code is run
    return {(app_label, model_name)}


@contextmanager
def quickly() -> Iterator[None]:
    with patch.object(ProjectState, "_find_reload_model", _itself):
        yield
