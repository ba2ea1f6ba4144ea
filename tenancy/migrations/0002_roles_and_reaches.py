from django.db import migrations, models

from tenancy import functions


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0001_initial")]

    operations = [
        migrations.AddField("role", "changed", models.BooleanField(default=False)),
        migrations.RunSQL(functions.REACHES, migrations.RunSQL.noop),
    ]
