from django.db import migrations

from workorders.search import SearchableOrders


class Migration(migrations.Migration):
    dependencies = [("workorders", "0002_days_of_figures"), ("assets", "0002_search"), ("tenancy", "0004_search")]

    operations = [SearchableOrders()]
