"""What is wrong in a hospital, as the wards write it: phrases and details by picture of the report page."""

from __future__ import annotations

# picture: how often among its department, by quarter of the year if it has a season; then what people write
PHRASES: dict[str, tuple[int | tuple[int, int, int, int], str]] = {
    "maintenance.water.tap": (
        9,
        "水龙头滴水 龙头关不紧 洗手池龙头漏水 感应龙头不出水 水龙头松动 热水龙头拧不动 龙头把手断了",
    ),
    "maintenance.water.blocked": (8, "下水道堵了 洗手池下水慢 地漏返水 淋浴间排水不畅 便池堵塞 水池堵死 地漏返臭味"),
    "maintenance.water.toilet": (
        8,
        "马桶冲不下去 马桶水箱漏水 马桶按钮坏了 坐便器松动 马桶一直进水 马桶盖断裂 冲水阀失灵",
    ),
    "maintenance.water.no_water": (3, "停水了 热水没有了 开水间没水 水压太小 洗手池不出水 整层没水"),
    "maintenance.water.burst": (1, "水管爆裂 天花板大量漏水 暖气管漏水 阀门喷水 管道接口爆开"),
    "maintenance.power.light": (
        10,
        "灯不亮 灯管一闪一闪 床头灯坏了 走廊灯不亮 应急灯故障 灯罩脱落 开关按了没反应 夜灯不亮",
    ),
    "maintenance.power.socket": (6, "插座没电 插座松动 插座打火花 床头插座烧黑 地插进水 插头拔不出来"),
    "maintenance.power.call_bell": (
        6,
        "呼叫铃不响 呼叫按钮坏了 呼叫线断了 呼叫器一直响 床头呼叫无应答 护士站主机不显示",
    ),
    "maintenance.power.outage": (1, "停电了 跳闸送不上 半层没电 配电箱有焦味 UPS报警"),
    "maintenance.climate.not_cold": (
        (1, 10, 22, 2),
        "空调不制冷 空调不出风 空调温度降不下来 风机盘管异响 空调报故障 室内太热",
    ),
    "maintenance.climate.not_warm": (
        (20, 1, 1, 14),
        "空调不制热 室内太冷 空调吹冷风 空调不启动 温度升不上去 空调热一会就停",
    ),
    "maintenance.climate.drips": ((2, 6, 10, 2), "空调滴水 空调出风口漏水 冷凝水管堵了 天花板空调处渗水 风口结露滴水"),
    "maintenance.joinery.lock": (6, "门锁坏了 钥匙拧不动 锁芯卡住 门把手掉了 抽屉锁打不开 柜门锁坏 指纹锁没反应"),
    "maintenance.joinery.door": (6, "门关不上 门合页松了 闭门器漏油 自动门不开 门变形卡住 门异响 防火门关不严"),
    "maintenance.joinery.window": (3, "窗户关不严 窗户玻璃裂了 纱窗掉了 窗把手断了 限位器坏了 窗帘轨道脱落"),
    "maintenance.joinery.bed": (7, "病床摇不起来 床护栏卡住 床轮刹车失灵 电动床不动 床板断了 床头板松动 输液架弯了"),
    "maintenance.joinery.furniture": (
        5,
        "椅子腿断了 柜门掉了 床头柜抽屉卡住 办公桌晃动 输液椅靠背坏了 陪护床散架 置物架松动",
    ),
    "maintenance.lift.stopped": (3, "停运 按钮不亮 门反复开关 运行异响 不停本层 显示屏黑屏 轿厢晃动"),
    "maintenance.lift.trapped": (1, "困人 停在两层之间有人 门打不开里面有人"),
    "maintenance.gas.terminal": (3, "氧气终端漏气 吸引终端没有负压 氧气插头松 流量表接口漏气 设备带漏气声"),
    "maintenance.gas.pressure": (1, "氧气压力低报警 负压不足 气体面板报警 压缩空气压力低"),
    "maintenance.network.phone": (4, "电话没声音 电话打不出去 电话杂音大 座机按键失灵 分机打不通"),
    "maintenance.network.network": (5, "上不了网 网络时断时续 内网连不上 无线信号弱 网口松动 打印机连不上"),
    "maintenance.network.tv": (3, "电视没信号 电视黑屏 遥控器失灵 画面模糊 电视没有声音"),
    "maintenance.device.monitor": (
        4,
        "黑屏 血氧探头不显示 报警不停 血压袖带漏气 心电导联线断 不开机 旋钮失灵",
    ),
    "maintenance.device.pump": (4, "报堵塞 不充电 推不动 流速不准 泵门关不上 按键失灵 报警不停"),
    "maintenance.device.device": (
        5,
        "设备不开机 屏幕花屏 报错误代码 电池不充电 脚踏开关失灵 打印不出报告 温度达不到设定值",
    ),
    "maintenance.other": (6, "墙皮脱落 地砖翘起 天花板松动 扶手松了 宣传栏掉落 墙上要打孔挂架 地面塌陷"),
    "cleaning.on_call.spill": (10, "地面有水 饮料洒了 药水打翻 开水洒了一地 呕吐物需清理 电梯口有积水"),
    "cleaning.on_call.blood": (3, "地面有血迹 体液污染需消毒 标本打翻 床单位血液污染 轮椅有血迹"),
    "cleaning.on_call.dirty": (
        12,
        "卫生间脏 病室地面需拖 垃圾未清 洗手台有污渍 玻璃脏 走廊有脚印 门把手需擦拭 床下有杂物",
    ),
    "cleaning.on_call.glass": (3, "玻璃打碎了 药瓶摔碎 体温计打破 水杯碎了 镜子碎裂"),
    "cleaning.terminal.bed": (14, "出院床终末消毒 转科床位消毒 床单位消毒 病人出院清洁床位 急等床位消毒"),
    "cleaning.terminal.isolation": (3, "隔离病室终末消毒 负压病房消毒 接触隔离解除消毒 疑似传染病人转出消毒"),
    "cleaning.waste.medical": (9, "医疗垃圾满了 医废需收运 黄色垃圾袋没了 污物间医废堆满 换药室医废满"),
    "cleaning.waste.household": (8, "生活垃圾满了 垃圾桶需清 垃圾袋用完 走廊垃圾桶溢出 可回收物需运走"),
    "cleaning.waste.sharps": (5, "锐器盒满了 锐器盒需更换 利器盒已到警戒线 治疗车锐器盒满"),
    "cleaning.linen.clean": (7, "缺干净床单 需被套十套 病号服不够 枕套不够 缺手术衣 需要加急送被服"),
    "cleaning.linen.dirty": (7, "脏被服待收 污衣袋满了 隔离被服需单独收 换下的床单待收 窗帘拆下待洗"),
    "cleaning.pest.insects": ((1, 5, 6, 2), "发现蟑螂 有老鼠 蚊子多 有蚂蚁 配餐间有小飞虫 库房有鼠粪"),
    "catering.meal.missing": (10, "少送一份餐 病人没收到午餐 早餐没送到 加床病人无餐 晚餐漏送"),
    "catering.meal.wrong": (3, "糖尿病餐送错 流质送成普食 低盐餐送错床 禁食病人送了餐 餐单与床号不符"),
    "catering.meal.extra": (9, "需加一份餐 陪护加餐 新入院加餐 手术后加流质 夜班加餐 需加两份粥"),
    "catering.meal.guest": (3, "会议用餐 专家用餐 培训盒饭 值班会诊用餐 检查组用餐"),
    "catering.complaint.cold": (4, "饭菜凉了 汤是冷的 米饭夹生 送餐太晚已凉"),
    "catering.complaint.foreign": (1, "菜里有异物 饭里有头发 菜里有虫 汤里有塑料片"),
    "catering.complaint.taste": (4, "菜太咸 菜太油 口味太淡 青菜太老 鱼有腥味"),
    "catering.trays.collect": (7, "餐盘待收 餐车未收走 走廊餐具堆放 病室餐具待收"),
    "catering.trays.water": (8, "饮用水没了 桶装水需更换 开水桶空了 饮水机缺水 纸杯用完"),
    "procurement.supply.office": (8, "领A4纸 领打印机墨盒 领签字笔 领文件夹 领电池 领标签纸"),
    "procurement.supply.sanitary": (8, "领洗手液 领擦手纸 领卷纸 领垃圾袋 领消毒湿巾 领一次性手套"),
    "procurement.supply.urgent": (3, "急需手套 急需口罩 急需垃圾袋 急需打印纸 急需防护服"),
    "procurement.exchange.worn": (6, "拖把需更换 扫帚磨损 旧椅子换新 垃圾桶破损换新 热水壶坏了换新 轮椅坐垫破换新"),
    "procurement.return.move": (6, "搬办公桌 病床搬到库房 文件柜移位 旧电脑回收 仪器搬运 沙发退库"),
    "security.help.violence": (1, "家属打人 有人持械 医闹聚集 醉酒病人闹事"),
    "security.help.dispute": (5, "家属争吵 病人家属情绪激动 排队纠纷 陪护冲突 探视不听劝阻"),
    "security.help.theft": (2, "手机被偷 电动车电瓶被盗 钱包丢失疑似被偷 病室财物被盗"),
    "security.help.missing": (1, "病人走失 老人不在病房 患儿走失 病人外出未归"),
    "security.keys.open": (8, "钥匙锁屋里了 请开会议室门 请开库房门 请开示教室 办公室门打不开"),
    "security.keys.card": (6, "门禁卡失效 门禁不识别 新员工开通门禁 门禁卡丢失补办 门禁门打不开"),
    "security.keys.lost": (4, "捡到钱包 遗失医保卡 捡到手机 遗失钥匙 捡到行李"),
    "security.traffic.blocked": (2, "救护车通道被堵 急诊门口乱停车 消防通道停车"),
    "security.traffic.parking": (5, "车辆剐蹭 道闸不抬杆 车位被占 停车缴费故障 电动车乱停"),
    "security.fire.extinguisher": (3, "灭火器压力不足 灭火器丢失 消火栓箱门坏 灭火器过期"),
    "security.fire.exit": (3, "安全出口被堵 疏散通道堆物 防火门常开 安全指示灯不亮"),
    "security.fire.smoke": (1, "闻到焦味 走廊有烟 插座冒烟 烟感报警"),
}
DEPARTMENTS = {"maintenance": 44, "cleaning": 26, "catering": 12, "procurement": 10, "security": 8}
DETAILS = {
    "maintenance": (
        "影响病人休息 昨天修过又坏了 请尽快处理 病人已投诉 已用胶带临时固定 两处都是 "
        "靠窗那边 从昨晚开始 交班时发现 已停用 检查前要修好 第三次报修"
    ),
    "cleaning": "病人马上入住 有访客在 请带消毒液 靠门一侧 气味很大 检查组下午到 请戴手套 刚清过又脏 请尽快",
    "catering": "3床 12床 加2床 病人低盐 病人禁甜 十一点前送到 送到护士站 家属在等 两份",
    "procurement": "明天上午要用 两箱 一箱 五个 数量以清单为准 送到护士站 旧的在走廊 请带推车",
    "security": "请马上来 在电梯口 已报告护士长 家属五六人 请带钥匙 在东侧门口 已劝离一次 请调监控",
}
DESCRIPTIONS = (
    "早上交班时发现,已经影响正常工作,麻烦师傅尽快来看一下,来之前请打电话。",
    "这个问题反复出现,上周刚处理过,希望这次彻底解决。",
    "病人家属多次反映,护士长已经知道,请优先安排。",
    "白天病人多,请尽量在中午或者下班后来处理,需要移动床位请提前说。",
    "现场已做临时处理,暂时可以用,但是不能长期这样。",
    "请带梯子,位置比较高;旁边有设备,施工时注意防尘。",
    "值班护士在护士站,到了请先联系,病室内有隔离病人,请按要求防护。",
    "同一层其他房间也有类似情况,请一并检查。",
)
REMEDIES = {
    "maintenance": (
        "更换配件后正常 紧固后正常 疏通后正常 调试后正常 复位后正常 "
        "更换新件,试用正常 重新接线后正常 清洗滤网后正常 临时处理,待换件 已修复,现场测试正常"
    ),
    "cleaning": "已清洁消毒 已更换并清运 已按规程终末消毒 清理完毕,地面干燥 已收运并登记 已补充用品",
    "catering": "已补送 已更换餐食并致歉 已送达并核对床号 餐具已收回 已更换桶装水",
    "procurement": "已送达签收 已按数发放 已换新,旧件回收 已搬运到位",
    "security": "已到场处理 已劝离,秩序恢复 已开门 已登记并报告 已清空通道 已更换灭火器",
}
CAUSES = "自然磨损 使用不当 老化 堵塞 松动 进水受潮 接触不良 零件断裂 安装不当 电池耗尽"
PARTS = (
    *(("水龙头阀芯", 18), ("LED 灯管", 26), ("插座面板", 15), ("门锁", 85), ("角阀", 22), ("轴承", 46), ("密封胶", 12)),
    *(
        ("闭门器", 130),
        ("呼叫手柄", 68),
        ("脚轮", 35),
        ("进水阀", 42),
        ("网线水晶头", 2),
        ("空调电容", 38),
        ("血氧探头", 260),
    ),
    *(("血压袖带", 90), ("电池组", 320), ("合页", 9), ("软管", 16), ("排水泵", 480), ("空开", 58)),
)
COMMENTS = (
    "很及时,谢谢 师傅态度很好 修得很快 等得有点久 处理得很干净 希望下次提前打电话 辛苦了 一次修好,满意 来得慢 还可以"
)
REASONS = {
    "withdraw": "已自行处理 重复报修 误报 不需要了 病人已转科",
    "void": "重复工单 不属于本院范围 信息不全,电话无人接 测试工单 已并入另一工单",
    "send_back": "不是本班组的工作 现场无人 需先断电 人手不够,请改派 缺专用工具",
    "reassign": "就近安排 原人员有急修 需要电工 换班 需要两人处理",
    "reopen": "问题还在,请再看一下 修好半天又坏了 漏水没有止住 没清干净 换的配件不合适 声音还是很大",
    "wait": "配件已报采购 等厂家工程师 房间有病人,暂时进不去 等科室确认时间 配件明天到货 已联系外修单位",
    "proxy": "患者已出院,代为签字 家属不在,代签",
    "comment": "已电话联系病区 请注意病人休息时间 备件预计后天到 病区要求下午来 已拍照留存 转告夜班继续跟进",
}


def seasonal(key: str, month: int) -> int:
    """How often a picture is tapped in a month, among those of its department."""
    often = PHRASES[key][0]
    return often if isinstance(often, int) else often[(month % 12) // 3]  # winter begins in December


def phrases(key: str) -> list[str]:
    """How people write it."""
    return PHRASES[key][1].split()
