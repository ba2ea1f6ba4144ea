"""What every long-running process of the site does before it begins."""

import sys

from django.db import connections


def leave_connections() -> None:
    connections.close_all()


def refuse_unsafe_role() -> None:
    """Row-level security holds no owner and no superuser: such a log-in must not serve anybody."""
    from tenancy.checks import role_problems

    problems = role_problems()
    leave_connections()
    if problems:
        print("The site does not start: " + "; ".join(problems), file=sys.stderr, flush=True)
        raise SystemExit(4)
