"""Bringing data in through the pages, worked off by a real worker while one watches."""

from playwright.sync_api import expect

from tenancy.scope import scope
from workorders.models import WorkOrder

HISTORY = """报修日期,故障描述,费用
2025-03-20,水龙头滴水,183.05
2025-03-21,灯不亮,20
2025-03-22,门关不上,0
"""


def test_history_is_brought_in_while_one_watches(people, site, worker, tmp_path):
    """Max hands in the old system's file, tries it dry and brings it in: three taps, and one to see them."""
    file = tmp_path / "history.csv"
    file.write_text(HISTORY)
    manager = people.desk(site.max)
    manager.open("/exchange/orders/")
    manager.start()

    manager.page.set_input_files("[name=file]", file)
    manager.tap("main form .btn-primary")
    manager.page.select_option("[name=service]", "maintenance.other")
    manager.tap("main form .btn-primary")
    expect(manager.page.locator(".notice.tone-green")).to_contain_text("3", timeout=45_000)
    manager.tap("main form .btn-primary")
    expect(manager.page.locator(".notice.tone-green")).to_contain_text("已导入", timeout=45_000)
    manager.tap(".notice.tone-green a")
    expect(manager.page.locator("main table")).to_contain_text("水龙头滴水")

    with scope([site.a.id]):
        assert WorkOrder.objects.count() == 3
    assert manager.taps == 4
