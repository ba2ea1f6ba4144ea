"""Hospitals, places, units, teams and people of the demonstration."""

from __future__ import annotations

from dataclasses import dataclass, field

CONSORTIUM = "江北医疗联合体"
DOMAIN = "demo.example"
PASSWORD = "demo-2026-logistics"
FIRM = ("洁康物业服务有限公司", "91320100MA1X2026A")


@dataclass(frozen=True)
class TeamPlan:
    """A crew: its department, its people, the services that usually go to it."""

    name: str
    department: str
    people: tuple[str, ...]
    services: tuple[str, ...]
    firm: bool = False


@dataclass(frozen=True)
class HospitalPlan:
    """One hospital: buildings with floors, units with their building and floor, teams, orders a day."""

    code: str
    name: str
    short_name: str
    kind: str
    beds: int
    area: int
    staff: int
    per_day: float
    buildings: dict[str, tuple[str, int]]  # code: (name, floors)
    units: tuple[tuple[str, str, str, int, str], ...]  # code, name, building, floor, kind
    teams: tuple[TeamPlan, ...]
    named: dict[str, tuple[str, str]] = field(default_factory=dict)  # account: (name, post)


_A_TEAMS = (
    TeamPlan("水电班", "maintenance", ("周建国", "吴志强", "郑海涛", "钱立军"), ("water", "power", "network")),
    TeamPlan(
        "综合维修班", "maintenance", ("孙永福", "李保国", "马德胜"), ("joinery", "climate", "lift", "gas", "other")
    ),
    TeamPlan("设备维修组", "maintenance", ("何伟", "林志远", "高翔"), ("device",)),
    TeamPlan(
        "保洁一班", "cleaning", ("张桂兰", "王秀英", "陈玉梅", "赵春花"), ("on_call", "terminal", "pest"), firm=True
    ),
    TeamPlan("环境运送班", "cleaning", ("刘大勇", "徐根生"), ("waste", "linen"), firm=True),
    TeamPlan("库房下送组", "procurement", ("朱晓东", "秦小刚"), ("supply", "exchange", "return")),
    TeamPlan("营养食堂", "catering", ("许美玲", "韩师傅", "冯丽"), ("meal", "complaint", "trays")),
    TeamPlan("保安队", "security", ("彭勇", "曹刚", "袁兵"), ("help", "keys", "traffic", "fire")),
)
_B_TEAMS = (
    TeamPlan(
        "维修班",
        "maintenance",
        ("沈国平", "韦强", "杨志刚"),
        ("water", "power", "network", "joinery", "climate", "lift", "gas", "other"),
    ),
    TeamPlan("设备科", "maintenance", ("潘磊",), ("device",)),
    TeamPlan("保洁班", "cleaning", ("葛小红", "范玉珍"), ("on_call", "terminal", "pest", "waste", "linen"), firm=True),
    TeamPlan("仓库", "procurement", ("鲁明",), ("supply", "exchange", "return")),
    TeamPlan("食堂", "catering", ("苗凤英", "花师傅"), ("meal", "complaint", "trays")),
    TeamPlan("保卫科", "security", ("方军", "任涛"), ("help", "keys", "traffic", "fire")),
)
_C_TEAMS = (
    TeamPlan(
        "后勤组",
        "maintenance",
        ("柳师傅", "鲍建军"),
        ("water", "power", "network", "joinery", "climate", "other", "device"),
    ),
    TeamPlan("保洁组", "cleaning", ("史阿姨",), ("on_call", "terminal", "pest", "waste", "linen")),
)

HOSPITALS = (
    HospitalPlan(
        "A", "江北区人民医院", "人民医院", "general", 860, 96000, 1520, 3.8,
        {"MZ": ("门诊楼", 5), "ZY": ("住院部一号楼", 10), "YJ": ("医技楼", 4), "HQ": ("后勤楼", 2), "XZ": ("行政楼", 3)},
        (
            ("XN", "心内科", "ZY", 6, "clinical"), ("HX", "呼吸内科", "ZY", 5, "clinical"),
            ("SN", "神经内科", "ZY", 7, "clinical"), ("XH", "消化内科", "ZY", 4, "clinical"),
            ("GK", "骨科", "ZY", 8, "clinical"), ("PW", "普外科", "ZY", 9, "clinical"),
            ("FC", "妇产科", "ZY", 3, "clinical"), ("EK", "儿科", "ZY", 2, "clinical"),
            ("JZ", "急诊科", "MZ", 1, "clinical"), ("ICU", "重症医学科", "ZY", 10, "clinical"),
            ("SS", "手术室", "YJ", 4, "technical"), ("JY", "检验科", "YJ", 2, "technical"),
            ("FS", "放射科", "YJ", 1, "technical"), ("YJK", "药剂科", "MZ", 2, "technical"),
            ("MZB", "门诊部", "MZ", 3, "clinical"), ("XT", "血液透析室", "YJ", 3, "clinical"),
            ("HL", "护理部", "XZ", 2, "administrative"), ("CW", "财务科", "XZ", 1, "administrative"),
            ("XX", "信息科", "XZ", 3, "administrative"), ("ZW", "后勤保障部", "HQ", 1, "logistics"),
        ),
        _A_TEAMS,
        {
            "ward.a": ("王芳", "护士"), "desk.a": ("刘静", "调度员"), "night": ("孙丽", "夜班调度员"),
            "tech.a": ("张师傅", "水电工"),
            "lead.a": ("陈班长", "水电班班长"), "head.a": ("赵志明", "维修科主任"), "manager.a": ("黄卫东", "后勤科长"),
            "admin.a": ("蒋工", "系统管理员"),
        },
    ),
    HospitalPlan(
        "B", "江北区第二医院", "二院", "district", 320, 38000, 560, 1.7,
        {"ZH": ("综合楼", 8), "FZ": ("辅助楼", 2)},
        (
            ("NK", "内科", "ZH", 4, "clinical"), ("WK", "外科", "ZH", 5, "clinical"), ("FK", "妇科", "ZH", 6, "clinical"),
            ("JZ", "急诊室", "ZH", 1, "clinical"), ("KF", "康复科", "ZH", 7, "clinical"), ("JY", "检验科", "ZH", 2, "technical"),
            ("FS", "放射科", "ZH", 1, "technical"), ("BG", "院办公室", "ZH", 8, "administrative"),
            ("HQ", "总务科", "FZ", 1, "logistics"),
        ),
        _B_TEAMS,
        {
            "ward.b": ("李娜", "护士"), "desk.b": ("杜敏", "调度员"), "night": ("汪洁", "夜班调度员"),
            "tech.b": ("罗师傅", "维修工"),
            "lead.b": ("严班长", "维修班班长"), "head.b": ("唐建", "维修主管"), "manager.b": ("邓国华", "总务科长"),
            "admin.b": ("余工", "系统管理员"),
        },
    ),
    HospitalPlan(
        "C", "临江社区卫生服务中心", "临江社区", "community", 36, 5200, 74, 0.5,
        {"ZL": ("中心楼", 4)},
        (
            ("QK", "全科门诊", "ZL", 1, "clinical"), ("YF", "预防保健科", "ZL", 2, "clinical"),
            ("ZY", "中医科", "ZL", 2, "clinical"), ("BF", "病房", "ZL", 3, "clinical"),
            ("BG", "办公室", "ZL", 4, "administrative"),
        ),
        _C_TEAMS,
        {"desk": ("姜护士", "后勤联络员"), "admin": ("钟主任", "中心主任")},
    ),
)  # fmt: skip

ACROSS = {
    "office": ("梁主任", "医联体后勤管理办公室"),
    "auditor": ("宋审计", "纪检审计"),
    "contractor": ("洁康项目经理", "项目经理"),
}
WARD_NAMES = ("李敏", "周婷", "吴丹", "郑雪", "冯琳", "蒋燕", "沈洁", "韩梅", "杨柳", "朱颖", "何静", "吕娟")
ROOMS = ("护士站", "01 病室", "02 病室", "03 病室", "05 病室", "治疗室", "卫生间", "医生办公室", "开水间")
KINDS = (
    ("电梯", "building"), ("中央空调机组", "building"), ("配电柜", "building"), ("热水锅炉", "building"),
    ("医用气体终端", "building"), ("水泵", "building"), ("心电监护仪", "medical"), ("输液泵", "medical"),
    ("呼吸机", "medical"), ("除颤仪", "medical"), ("病床", "other"), ("开水器", "other"),
)  # fmt: skip
