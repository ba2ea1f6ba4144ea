"""What is published stays: items of published and offered editions are never added to, changed or taken away."""

from django.db import migrations, models

LOCK = """
CREATE FUNCTION inspections_locked_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT state FROM inspections_edition WHERE id = OLD.edition_id) IS DISTINCT FROM 'draft'
        OR TG_OP = 'UPDATE' AND NEW.edition_id <> OLD.edition_id THEN
        RAISE EXCEPTION 'item % belongs to a published edition', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER locked BEFORE UPDATE OR DELETE ON inspections_item
    FOR EACH ROW EXECUTE FUNCTION inspections_locked_item();

CREATE FUNCTION inspections_counted_items() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    full_one bigint := (
        SELECT n.edition_id FROM (SELECT DISTINCT edition_id FROM new_rows) n
        LEFT JOIN inspections_edition e ON e.id = n.edition_id
        WHERE e.id IS NULL OR e.state <> 'draft'
            AND e.lines < (SELECT count(*) FROM inspections_item i WHERE i.edition_id = e.id)
        LIMIT 1);
BEGIN
    IF full_one IS NOT NULL THEN
        RAISE EXCEPTION 'edition % is published', full_one USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER counted AFTER INSERT ON inspections_item REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION inspections_counted_items();

CREATE FUNCTION inspections_locked_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'edition % is published', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.state = 'draft' OR OLD.state = 'offered' AND NEW.state IN ('current', 'old') AND NEW.lines = OLD.lines
        AND (NEW.checklist_id, NEW.number) = (OLD.checklist_id, OLD.number) THEN
        RETURN NEW;
    END IF;
    IF OLD.state = 'current' AND NEW.state = 'old' THEN
        NEW.state := OLD.state;
        IF NEW IS NOT DISTINCT FROM OLD THEN
            NEW.state := 'old';
            RETURN NEW;
        END IF;
    ELSIF NEW IS NOT DISTINCT FROM OLD THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'edition % is published', OLD.id USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER locked BEFORE UPDATE OR DELETE ON inspections_edition
    FOR EACH ROW EXECUTE FUNCTION inspections_locked_edition();
"""
UNLOCK = """
DROP TRIGGER locked ON inspections_edition;
DROP TRIGGER counted ON inspections_item;
DROP TRIGGER locked ON inspections_item;
DROP FUNCTION inspections_locked_edition();
DROP FUNCTION inspections_counted_items();
DROP FUNCTION inspections_locked_item();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0003_arrivals"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="checklist",
            name="checklist_department",
        ),
        migrations.AddField(
            model_name="checklist",
            name="shipped_name",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="edition",
            name="lines",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="edition",
            name="shipped_number",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="item",
            name="msgids",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AlterField(
            model_name="edition",
            name="state",
            field=models.CharField(
                choices=[("draft", "Draft"), ("offered", "Offered"), ("current", "In force"), ("old", "Replaced")],
                default="draft",
                max_length=8,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "offered")), fields=("checklist",), name="edition_one_offered"
            ),
        ),
        migrations.RunSQL(LOCK, UNLOCK),
    ]
