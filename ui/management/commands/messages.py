"""Keep the Chinese texts in step with the code."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ui.catalogue_checks import check
from ui.catalogues import HANT, Tree, key_of, table_line, take, untranslated, update


class Command(BaseCommand):
    help = "Extract the texts of code and pages, keep translations, fill Traditional from Simplified Chinese, compile."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("app", nargs="*", help="only these apps")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--check", action="store_true", help="change nothing, name every fault, fail if there is one")
        what.add_argument("--todo", action="store_true", help="list what is untranslated as a table to fill in")
        what.add_argument("--take", metavar="FILE", help="enter a table: text, Simplified, Traditional if it differs")
        what.add_argument("--refill", action="store_true", help="make Traditional anew, except what is marked by hand")

    def handle(self, *, app, **options):
        tree = Tree(settings.BASE_DIR, first_party(settings.BASE_DIR))
        if wrong := set(app) - set(tree.apps):
            raise CommandError(f"No app of ours: {', '.join(sorted(wrong))}")
        chosen = app or tree.apps
        if options["check"]:
            return self.check_all(tree, chosen)
        report = update(tree, chosen, refill=options["refill"])
        if options["take"]:
            unknown = take(tree, Path(options["take"]).read_text(encoding="utf-8-sig").splitlines())
            report = update(tree, chosen)
            for text in unknown:
                self.stderr.write(f"No app says: {text}")
        if options["todo"]:
            return self.list_untranslated(report)
        self.tell(tree, report)

    def check_all(self, tree, chosen):
        faults = check(tree, chosen)
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults in the message catalogues")

    def list_untranslated(self, report):
        lines = [table_line(message) for hans, _look_over in report.values() for message in untranslated(hans)]
        for line in dict.fromkeys(lines):
            self.stdout.write(line)

    def tell(self, tree, report):
        for app, (hans, look_over) in report.items():
            if hans.texts():
                self.stdout.write(f"{app}: {len(hans.texts())} texts, {len(untranslated(hans))} untranslated")
            for message in look_over:
                name = tree.po(app, HANT).relative_to(tree.root)
                self.stdout.write(f"  {name}: {key_of(message)[1]!r}: Simplified has changed, look this one over")


def first_party(base):
    """The apps that lie in the project's own folder."""
    return tuple(config.name for config in apps.get_app_configs() if Path(config.path).parent == base)
