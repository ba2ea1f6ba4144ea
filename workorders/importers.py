"""What an older system's work-order history may hold, column by column, and the titles it goes by."""

from django.utils.translation import gettext_lazy as _

from exchange.importers import Column, Importer, register
from exchange.parsing import balance, past, text
from ui.navigation import MenuItem
from ui.navigation import register as register_menu
from workorders.history_file import check, prepare, summary, write
from workorders.permissions import ORDER_IMPORT

ORDERS = register(
    Importer(
        key="orders",
        label=_("Work orders of an older system"),
        text=_("The history of repairs with their cost, so that years can be compared from the first day."),
        icon="history",
        permission=ORDER_IMPORT,
        options_form="workorders.import_forms.OrdersForm",
        may_skip=True,
        list_url="workorders:order_list",
        prepare=prepare,
        check=check,
        summary=summary,
        write=write,
        columns=(
            Column("reported_at", _("Reported on"), required=True, parse=past, example="2025-03-20",
                   help=_("A day or a time; a day alone counts as noon."),
                   aliases=("date", "BscStartDate", "报修日期", "报修时间", "報修日期", "日期")),
            Column("title", _("What was wrong"), required=True, parse=text(2000), example="水龙头滴水",
                   aliases=("OriginalShorttext", "description", "short text", "故障描述", "报修内容", "報修內容")),
            Column("asset", _("Asset code"), parse=text(30), example="DT-01",
                   aliases=("Asset", "equipment", "资产编号", "设备编号", "資產編號")),
            Column("type", _("Kind of work"), parse=text(40), example="PM01",
                   aliases=("PMType", "order type", "工单类型", "类型", "類型")),
            Column("cost", _("Cost, yuan"), parse=balance, example="183.05", aliases=("Cost", "费用", "金额", "費用", "金額")),
            Column("finished_at", _("Finished on"), parse=past, example="2025-03-21",
                   help=_("Empty: on the day of the report."), aliases=("finished", "完工日期", "完成时间", "完工時間")),
            Column("place", _("Place"), parse=text(300), example="门诊楼 / 3 层 / 护士站",
                   help=_("Its code, or its full name with all steps."), aliases=("location", "地点", "位置", "地點")),
            Column("unit", _("Unit"), parse=text(60), example="心内科", aliases=("department", "科室", "报修科室")),
            Column("reporter_name", _("Reported by"), parse=text(60), aliases=("报修人", "報修人")),
            Column("description", _("Remarks"), parse=text(2000), aliases=("备注", "備註")),
            Column("old_number", _("Number in the older system"), parse=text(40), aliases=("number", "工单号", "單號")),
        ),
    )
)  # fmt: skip
register_menu(MenuItem(_("Bring in data"), "exchange:home", "upload", ORDER_IMPORT, group="office", order=60))
