"""What only one other department has plans for is kept in order by that department."""

from django.db import migrations

KINDS = """
UPDATE assets_kind k SET department = p.department FROM (
    SELECT kind_id, min(department) AS department FROM inspections_plan WHERE kind_id IS NOT NULL AND state <> 'ended'
    GROUP BY kind_id HAVING count(DISTINCT department) = 1
) p WHERE p.kind_id = k.id AND p.department <> k.department
"""
ASSETS = """
UPDATE assets_asset a SET department = k.department FROM assets_kind k WHERE k.id = a.kind_id AND k.department <> a.department
"""


class Migration(migrations.Migration):
    dependencies = [("inspections", "0006_rounds_lean"), ("assets", "0005_departments")]

    operations = [migrations.RunSQL([KINDS, ASSETS], migrations.RunSQL.noop)]
