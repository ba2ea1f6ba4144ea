"""The words a consortium is made of: names of hospitals, units, rooms, people, firms, equipment."""

from __future__ import annotations

import random

CONSORTIUM = "滨江医疗联合体"
DISTRICTS = (
    *("滨江", "江北", "江南", "城东", "城西", "城南", "城北", "新港", "临湖", "青山", "凤凰", "龙泉", "明珠", "高新"),
    *("开发区", "永安", "长宁", "和平", "清河", "石桥", "梅林", "白云", "沙洲", "金陵", "双桥", "古城", "南湖", "东湖"),
    *("西岭", "北塘"),
)
GENERAL = (("第一人民医院", "人民医院"), ("中心医院", "中心医院"), ("中医院", "中医院"), ("妇幼保健院", "妇幼"))
DISTRICT = (("区医院", "区医院"), ("第二医院", "二院"), ("康复医院", "康复医院"))
COMMUNITY = (("社区卫生服务中心", "社区"),)
BUILDINGS = (
    *(("MZ", "门诊楼", 5), ("ZY1", "住院部一号楼", 14), ("YJ", "医技楼", 6), ("ZY2", "住院部二号楼", 12)),
    *(("JZ", "急诊楼", 4), ("HQ", "后勤楼", 3), ("XZ", "行政楼", 5), ("ZY3", "住院部三号楼", 16), ("GR", "感染楼", 4)),
    *(("KY", "科研教学楼", 6),),
)
UNITS = (
    *(("急诊科", "clinical"), ("心内科", "clinical"), ("呼吸内科", "clinical"), ("检验科", "technical")),
    *(("后勤保障部", "logistics"), ("普外科", "clinical"), ("骨科", "clinical"), ("放射科", "technical")),
    *(("门诊部", "clinical"), ("儿科", "clinical"), ("妇产科", "clinical"), ("药剂科", "technical")),
    *(("护理部", "administrative"), ("神经内科", "clinical"), ("消化内科", "clinical"), ("重症医学科", "clinical")),
    *(("手术室", "technical"), ("血液透析室", "clinical"), ("信息科", "administrative"), ("财务科", "administrative")),
    *(("肾内科", "clinical"), ("内分泌科", "clinical"), ("泌尿外科", "clinical"), ("胸外科", "clinical")),
    *(("神经外科", "clinical"), ("眼科", "clinical"), ("耳鼻喉科", "clinical"), ("口腔科", "clinical")),
    *(("皮肤科", "clinical"), ("肿瘤科", "clinical"), ("康复科", "clinical"), ("中医科", "clinical")),
    *(("感染科", "clinical"), ("血液科", "clinical"), ("风湿免疫科", "clinical"), ("老年病科", "clinical")),
    *(("新生儿科", "clinical"), ("产房", "clinical"), ("麻醉科", "technical"), ("超声科", "technical")),
    *(("病理科", "technical"), ("输血科", "technical"), ("消毒供应中心", "technical"), ("营养科", "technical")),
    *(
        ("体检中心", "clinical"),
        ("医务科", "administrative"),
        ("人事科", "administrative"),
        ("院办公室", "administrative"),
    ),
    *(("设备科", "logistics"), ("保卫科", "logistics"), ("心外科", "clinical"), ("烧伤科", "clinical")),
    *(("疼痛科", "clinical"), ("介入科", "technical"), ("核医学科", "technical"), ("医保办", "administrative")),
)
WARD_ROOMS = (
    *("护士站", "01 病室", "02 病室", "治疗室", "卫生间", "03 病室", "05 病室", "医生办公室", "开水间", "06 病室"),
    *("处置室", "07 病室", "08 病室", "污物间", "09 病室", "10 病室", "抢救室", "值班室", "库房", "11 病室", "12 病室"),
    *("走廊", "更衣室", "示教室", "配餐间", "13 病室", "15 病室", "主任办公室", "谈话间", "16 病室", "被服间"),
)
OFFICE_ROOMS = (
    *("办公室", "库房", "卫生间", "值班室", "工作间", "会议室", "操作间", "更衣室", "走廊", "资料室", "接待窗口"),
    *("主任办公室", "设备间", "等候区", "洗消间", "休息室", "登记台", "阅片室", "标本间", "冷库"),
)
TEAMS = (  # department, name, services, may a firm run it; the first crew of a department takes what is not named
    ("maintenance", "水电班", ("water", "power"), False),
    ("cleaning", "保洁班", (), True),
    ("catering", "营养食堂", (), False),
    ("procurement", "库房下送组", (), False),
    ("security", "保安队", (), True),
    ("maintenance", "综合维修班", ("joinery", "other", "network"), False),
    ("maintenance", "设备维修组", ("device",), False),
    ("cleaning", "环境运送班", ("waste", "linen"), True),
    ("maintenance", "暖通电梯班", ("climate", "lift", "gas"), False),
    ("cleaning", "终末消毒组", ("terminal", "pest"), True),
)
FIRMS = (
    *(("洁康物业服务有限公司", "91320100FA0000001A"), ("安泰保安服务有限公司", "91320100FA0000002B")),
    *(("众诚后勤管理有限公司", "91320100FA0000003C"), ("绿洲环境服务有限公司", "91320100FA0000004D")),
)
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘"
    "袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金"
)
WOMEN = "敏婷丹雪琳燕洁梅颖静娟芳娜秀英丽艳霞萍红玉兰莉晶慧佳怡雨欣梦思琪雅"
MEN = "伟强磊军勇杰涛明超刚平辉鹏飞建国志海波斌宇浩凯文东亮俊峰永福德胜"
KINDS = (  # name, family, criticality, makers
    ("电梯", "building", "high", ("通力", "三菱", "日立")),
    ("心电监护仪", "medical", "life", ("迈瑞", "飞利浦", "理邦")),
    ("输液泵", "medical", "high", ("迈瑞", "史密斯", "贝朗")),
    ("分体空调", "other", "normal", ("格力", "美的", "海尔")),
    ("中央空调机组", "building", "high", ("格力", "约克", "开利")),
    ("呼吸机", "medical", "life", ("德尔格", "迈瑞", "谊安")),
    ("病床", "other", "normal", ("八乐梦", "普康", "鱼跃")),
    ("配电柜", "building", "high", ("施耐德", "正泰", "ABB")),
    ("注射泵", "medical", "high", ("史密斯", "迈瑞", "圣诺")),
    ("电热开水器", "other", "normal", ("裕豪", "吉之美", "碧丽")),
    ("水泵", "building", "high", ("格兰富", "威乐", "凯泉")),
    ("除颤仪", "medical", "life", ("卓尔", "迈瑞", "飞利浦")),
    ("心电图机", "medical", "high", ("理邦", "光电", "福田")),
    ("电脑打印机", "other", "normal", ("惠普", "兄弟", "京瓷")),
    ("风机盘管", "building", "normal", ("格力", "约克", "国祥")),
    ("超声诊断仪", "medical", "high", ("迈瑞", "通用", "西门子")),
    ("轮椅", "other", "normal", ("鱼跃", "凯洋", "互邦")),
    ("电视机", "other", "normal", ("海信", "创维", "长虹")),
)

PLANT = (  # name, family, criticality, makers: a hospital has two of each, whatever its size
    ("柴油发电机", "building", "high", ("康明斯", "玉柴", "卡特彼勒")),
    ("冷水机组", "building", "high", ("约克", "开利", "特灵")),
    ("锅炉", "building", "high", ("双良", "方快", "泰山")),
    ("压力容器", "building", "high", ("四方", "海川", "中材")),
    ("污水处理设备", "building", "high", ("碧水源", "北控", "鹏鹞")),
    ("消防报警主机", "building", "high", ("海湾", "利达", "青鸟")),
)
KEPT_BY = {"消防报警主机": "security"}  # what another department than maintenance keeps in order


def person(dice: random.Random, *, woman: bool) -> str:
    """A name as people have it."""
    given = WOMEN if woman else MEN
    return dice.choice(SURNAMES) + dice.choice(given) + (dice.choice(given) if dice.random() < 0.55 else "")


def hospital(number: int) -> tuple[str, str, str]:
    """Name, short name and kind of the consortium's hospitals, the largest first; no two alike."""
    which, district = number, DISTRICTS[number % len(DISTRICTS)]
    forms: tuple[tuple[str, str], ...]
    round_ = number // len(DISTRICTS)
    if which < 4:
        kind, forms = "general", GENERAL
    elif which % 5 < 3:
        kind, forms = "district", DISTRICT
    else:
        kind, forms = "community", COMMUNITY
    name, short = forms[(which + round_) % len(forms)]
    again = f"第{'一二三四五六七八九十'[round_]}分院" if round_ else ""
    return f"{district}{name}{again}", f"{district}{short}{again}"[:20], kind
