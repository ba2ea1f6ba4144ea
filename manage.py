#!/usr/bin/env python
"""Django's command line. Commands that change tables log in as the owner's role; all others as the application's."""

import os
import sys

OWNER_COMMANDS = {"migrate", "database_sql", "fill"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "logistics.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ["DATABASE_AS_OWNER"] = "1"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
