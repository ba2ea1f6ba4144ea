"""A screen remembers the form it was made with: the same form sent again makes none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]

    operations = [
        migrations.AddField("screen", "form_key", models.UUIDField(editable=False, null=True)),
        migrations.AddConstraint(
            "screen", models.UniqueConstraint(fields=["consortium", "form_key"], name="screen_form_key")
        ),
    ]
