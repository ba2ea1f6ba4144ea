"""Places, units and people as they come from Excel."""

from django.utils.translation import gettext_lazy as _

from administration import import_people, import_places, import_units
from exchange.importers import Column, Importer, register
from exchange.parsing import email, one_of, text
from tenancy.models import Unit
from tenancy.permissions import PERSON_CHANGE, PLACE_CHANGE, UNIT_CHANGE

SLOW = 200  # lines a person waits for: each is written with its own checks and history

PLACES = register(
    Importer(
        key="places",
        label=_("Places"),
        text=_("Buildings, floors and rooms, one line each; what a line lies in is made where it is missing."),
        icon="map-pin",
        permission=PLACE_CHANGE,
        list_url="administration:place_list",
        at_once=SLOW,
        prepare=import_places.prepare,
        check=import_places.check,
        write=import_places.write,
        columns=(
            Column("campus", _("Campus"), parse=text(80), aliases=("院区", "院區")),
            Column("building", _("Building"), parse=text(80), example="门诊楼", aliases=("楼", "楼栋", "大楼", "樓棟")),
            Column("floor", _("Floor"), parse=text(80), example="3 层", aliases=("楼层", "层", "樓層")),
            Column("room", _("Room"), parse=text(80), example="护士站", aliases=("房间", "房间名称", "房間")),
            Column("code", _("Code"), parse=text(30), example="MZ-3-01", help=_("Of the last place named in the line."),
                   aliases=("房间号", "编号", "编码", "編號")),
            Column("phone", _("Extension"), parse=text(20), example="8301", aliases=("分机", "电话", "分機", "電話")),
        ),
    )
)  # fmt: skip
UNITS = register(
    Importer(
        key="units",
        label=_("Units"),
        text=_("Clinical and administrative departments of the hospital: who reports, and whom costs fall on."),
        icon="hierarchy",
        permission=UNIT_CHANGE,
        list_url="administration:unit_list",
        at_once=SLOW,
        prepare=import_units.prepare,
        check=import_units.check,
        write=import_units.write,
        columns=(
            Column("code", _("Code"), required=True, parse=text(20), example="0301",
                   aliases=("科室编号", "科室代码", "编号", "編號")),
            Column("name", _("Name"), required=True, parse=text(60), example="心内科",
                   aliases=("科室名称", "科室", "名称", "名稱")),
            Column("kind", _("Kind"), parse=one_of(dict(Unit.Kind.choices)), aliases=("类型", "类别", "類型"),
                   help=_("Clinical, medical technology, administrative or logistics; empty: clinical.")),
            Column("place", _("Place"), parse=text(300), example="门诊楼 / 3 层", aliases=("地点", "位置", "地點"),
                   help=_("Its code, or its full name with all steps.")),
            Column("phone", _("Extension"), parse=text(20), aliases=("分机", "电话", "分機", "電話")),
        ),
    )
)  # fmt: skip
PEOPLE = register(
    Importer(
        key="people",
        label=_("People"),
        text=_("Who works here, where, and as what. They sign in with a one-time code first; an e-mail is not needed."),
        icon="users",
        permission=PERSON_CHANGE,
        list_url="administration:person_list",
        at_once=SLOW,
        prepare=import_people.prepare,
        check=import_people.check,
        write=import_people.write,
        columns=(
            Column("staff_number", _("Staff number"), required=True, parse=text(20), example="100123",
                   aliases=("工号", "职工号", "工號")),
            Column("name", _("Name"), required=True, parse=text(60), example="王芳", aliases=("姓名",)),
            Column("unit", _("Unit"), parse=text(60), example="心内科", aliases=("科室", "所在科室")),
            Column("team", _("Team"), parse=text(40), aliases=("班组", "班組")),
            Column("post", _("Post"), parse=text(40), example="护士", aliases=("岗位", "职务", "崗位")),
            Column("phone", _("Phone"), parse=text(20), aliases=("电话", "手机", "電話", "手機")),
            Column("email", _("E-mail"), parse=email, aliases=("email", "邮箱", "电子邮箱", "電子郵箱")),
            Column("role", _("Role"), parse=text(40), example="报修人", aliases=("角色", "权限角色", "權限角色"),
                   help=_("What the person may do, by the name of the role; empty: report only.")),
        ),
    )
)  # fmt: skip
