"""The register of hazards: found by rounds, staff, campaigns and authorities; rectified, verified, refused, back, overdue,
void."""

from __future__ import annotations

A_YEAR = 400  # hazards that staff and authorities find in all hospitals together, besides a dozen in each
DRAW = """
CREATE TEMPORARY TABLE fill_hazard ON COMMIT DROP AS
WITH crew AS (
    SELECT DISTINCT ON (hospital_id, department) hospital_id, department, id AS team FROM tenancy_team ORDER BY 1, 2, 3
), free AS (
    SELECT h.h, h.id AS hospital, g, h.h * 100000 + g AS s, h.units FROM fill_hospital h
    CROSS JOIN LATERAL generate_series(1, ((12 + %(a_year)s * (%(parts)s::float8[])[h.h + 1]) * %(years)s)::int) AS g
), staff AS (
    SELECT f.hospital, date_trunc('second', CASE WHEN g <= 3 THEN %(until)s - interval '1 hour' * (0.5 + 9 * pg_temp.u(s, 507))
            ELSE LEAST(%(until)s - interval '20 minutes', (%(since)s + floor(pg_temp.u(s, 500)
            * (%(today)s - %(since)s))::int)::timestamp AT TIME ZONE %(zone)s + interval '1 hour' * (8 + 9 * pg_temp.u(s, 501)))
                END) AS at,
        w.rooms[room] AS place, NULL::bigint AS asset, w.id AS unit, d.department, d.title, d.major AND pg_temp.u(s, 508) < 0.25
            AS major, CASE WHEN pg_temp.u(s, 502) < 0.7
            THEN 'report' WHEN pg_temp.u(s, 502) < 0.9 THEN 'campaign' ELSE 'authority' END AS source, w.first[seat] AS first,
        w.first_name[seat] AS first_name, w.second[seat] AS second, w.second_name[seat] AS second_name, w.changed[seat] AS
            changed,
        NULL::bigint AS fault, c.team
    FROM free f JOIN fill_unit w ON w.h = f.h AND w.i = floor(pg_temp.u(s, 503) * f.units)::int
    JOIN fill_danger d ON d.i = floor(pg_temp.u(s, 504) * (SELECT count(*) FROM fill_danger))::int
    JOIN crew c ON c.hospital_id = f.hospital AND c.department = d.department
    CROSS JOIN LATERAL (SELECT 1 + floor(pg_temp.u(s, 505) * cardinality(w.rooms))::int AS room,
        1 + floor(pg_temp.u(s, 506) * w.seats)::int AS seat) pick
), found AS (
    SELECT hospital, at, place, asset, unit, department, title, major, source, CASE WHEN at < changed THEN first ELSE second END
        AS finder,
        CASE WHEN at < changed THEN first_name ELSE second_name END AS finder_name, fault, team FROM staff
    UNION ALL
    SELECT f.hospital_id, f.at, f.place, f.asset, f.unit, f.department, f.title, f.weight = 'dangerous', 'round', f.who,
        f.who_name, f.fault,
        p.team_id FROM fill_fault f JOIN inspections_plan p ON p.id = f.plan_id WHERE f.became = 'hazard'
), numbered AS (
    SELECT f.*, row_number() OVER (ORDER BY at, hospital, place, fault) AS n, (at AT TIME ZONE %(zone)s)::date AS day FROM found f
), begun AS (
    SELECT m.*, pg_temp.u(n, 510) < 0.03 AS is_void, NOT major AND pg_temp.u(n, 511) < 0.05 AS is_raised, CASE WHEN major THEN 1
        ELSE 7 END AS days,
        at + interval '1 hour' * (0.3 + CASE WHEN major THEN 2 ELSE 14 END * pg_temp.u(n, 512)) AS assigned_at,
        pg_temp.u(n, 513) < 0.06 AND at > %(until)s - interval '45 days' AS is_stuck
    FROM numbered m
), dated AS (
    SELECT b.*, day + days AS due0, CASE WHEN is_raised THEN assigned_at + interval '1 hour' * (1 + 8 * pg_temp.u(n, 514)) END AS
        raised_at,
        CASE WHEN NOT major AND NOT is_raised AND pg_temp.u(n, 515) < 0.07 THEN at + interval '1 day' * (4.2 + pg_temp.u(n, 516))
            END AS moved_at
    FROM begun b
), due AS (
    SELECT d.*, CASE WHEN raised_at IS NOT NULL THEN (raised_at AT TIME ZONE %(zone)s)::date + 1 WHEN moved_at IS NOT NULL THEN
        due0 + 7
        ELSE due0 END AS due1, major OR is_raised AS grave FROM dated d
), worked AS (
    SELECT d.*, CASE WHEN NOT is_stuck THEN COALESCE(raised_at, moved_at, assigned_at) + interval '1 hour' * (CASE WHEN grave
        THEN 1 + 14 * pg_temp.u(n, 520) ELSE 4 + 100 * pg_temp.u(n, 520) END + CASE WHEN pg_temp.u(n, 521) < 0.1
        THEN 40 + 240 * pg_temp.u(n, 522) ELSE 0 END) END AS rect1 FROM due d
), looked AS (
    SELECT w.*, rect1 + interval '1 hour' * (1 + 50 * pg_temp.u(n, 523)) AS look1, CASE WHEN pg_temp.u(n, 524) < 0.08 THEN
        'refuse'
        WHEN pg_temp.u(n, 524) < 0.13 THEN 'reopen' END AS again FROM worked w
), redone AS (
    SELECT l.*, CASE again WHEN 'refuse' THEN look1 WHEN 'reopen' THEN look1 + interval '1 day' * (5 + 30 * pg_temp.u(n, 525)) END
        AS again_at
    FROM looked l
), last AS (
    SELECT r.*, again_at + interval '1 hour' * (4 + 60 * pg_temp.u(n, 526)) AS rect2,
        again_at + interval '1 hour' * (6 + 60 * pg_temp.u(n, 526) + 40 * pg_temp.u(n, 527)) AS look2 FROM redone r
), cut AS (
    SELECT l.hospital, l.at, place, asset, unit, department, title, major, source, finder, finder_name, fault, team, n, day,
        again, grave,
        due0, due1, date_trunc('second', CASE WHEN is_void AND assigned_at <= %(until)s THEN assigned_at END) AS void_at,
        date_trunc('second', CASE WHEN ok AND assigned_at <= %(until)s THEN assigned_at END) AS assigned_at,
        date_trunc('second', CASE WHEN ok AND raised_at <= %(until)s THEN raised_at END) AS raised_at,
        date_trunc('second', CASE WHEN ok AND moved_at <= %(until)s THEN moved_at END) AS moved_at,
        date_trunc('second', CASE WHEN ok AND rect1 <= %(until)s THEN rect1 END) AS rect1,
        date_trunc('second', CASE WHEN ok AND look1 <= %(until)s AND again IS DISTINCT FROM 'refuse' THEN look1 END) AS look1,
        date_trunc('second', CASE WHEN ok AND again_at <= %(until)s THEN again_at END) AS again_at,
        date_trunc('second', CASE WHEN ok AND rect2 <= %(until)s THEN rect2 END) AS rect2,
        date_trunc('second', CASE WHEN ok AND look2 <= %(until)s THEN look2 END) AS look2
    FROM last l CROSS JOIN LATERAL (SELECT NOT is_void AS ok) o
), known AS (
    SELECT c.*, CASE WHEN raised_at IS NOT NULL OR major THEN 'major' ELSE 'general' END AS grade,
        CASE WHEN raised_at IS NOT NULL OR moved_at IS NOT NULL THEN due1 ELSE due0 END AS first_due,
        (again_at AT TIME ZONE %(zone)s)::date + CASE again WHEN 'refuse' THEN 3 ELSE 7 END AS second_due FROM cut c
), manned AS (
    SELECT k.*, o.id AS boss, o.name AS boss_name, s.responsible, s.responsible_name, h.code,
        pg_temp.pick(ARRAY['已更换损坏部件并复测', '已清理通道并张贴标识',
            '已加固并恢复原状',
            '已培训当班人员并整改', '已联系厂家处理完毕'], pg_temp.u(n, 530)) AS measures,
        CASE WHEN pg_temp.u(n, 531) < 0.4 THEN pg_temp.pick(ARRAY['已围挡', '已断电挂牌', '专人值守',
            '张贴警示标识'], pg_temp.u(n, 532)) ELSE ''
            END AS interim
    FROM known k JOIN fill_hospital h ON h.id = k.hospital JOIN fill_boss o ON o.hospital = k.hospital JOIN fill_team t ON t.id =
        k.team
    CROSS JOIN LATERAL (SELECT 1 + floor(pg_temp.u(n, 533) * t.seats)::int AS seat) c
    CROSS JOIN LATERAL (SELECT CASE WHEN COALESCE(rect2, rect1, %(until)s) < t.changed[seat] THEN t.first[seat] ELSE
        t.second[seat]
        END AS responsible, CASE WHEN COALESCE(rect2, rect1, %(until)s) < t.changed[seat] THEN t.first_name[seat]
        ELSE t.second_name[seat] END AS responsible_name) s
)
SELECT %(hazard_base)s + n AS id, m.*, code || '-H' || to_char(at AT TIME ZONE %(zone)s, 'YYMM') || '-' || lpad((row_number() OVER
    (
        PARTITION BY hospital, to_char(at AT TIME ZONE %(zone)s, 'YYMM') ORDER BY at, n))::text, 4, '0') AS number,
    CASE WHEN void_at IS NOT NULL THEN 'void' WHEN assigned_at IS NULL THEN 'open'
        WHEN look2 IS NOT NULL OR look1 IS NOT NULL AND again_at IS NULL THEN 'closed'
        WHEN rect2 IS NOT NULL OR rect1 IS NOT NULL AND again_at IS NULL THEN 'rectified' ELSE 'assigned' END AS state,
    (SELECT count(*) FROM fill_climb l WHERE l.team = m.team AND l.what = grade AND rect1 IS NOT DISTINCT FROM rect1 AND
        assigned_at IS NOT NULL
        AND (first_due + l.after)::timestamp AT TIME ZONE %(zone)s + interval '7 hours 40 minutes' < COALESCE(rect1, %(until)s))
            AS level1,
    (SELECT count(*) FROM fill_climb l WHERE l.team = m.team AND l.what = grade AND again_at IS NOT NULL
        AND (second_due + l.after)::timestamp AT TIME ZONE %(zone)s + interval '7 hours 40 minutes' < COALESCE(rect2, %(until)s))
            AS level2
FROM manned m
"""

COLUMNS = (
    "id hospital_id number title description grade source source_note origin department place_id asset_id unit_id team_id "
    "state found_at "
    "found_by_id found_name responsible_id due_on measures interim rectified_at rectified_by_id verified_at verified_by_id "
    "closed_at "
    "reopened level "
)
ROWS = """
SELECT id, hospital, number, title, CASE WHEN fault IS NOT NULL THEN '巡检中发现。' || title ELSE '' END, grade, source,
    CASE source WHEN 'campaign' THEN '安全生产月' WHEN 'authority' THEN '消防救援大队检查' ELSE '' END,
    (SELECT 'inspections.answer:' || x.answer FROM fill_fault x WHERE x.fault = z.fault), department, place, asset, unit,
    CASE WHEN assigned_at IS NOT NULL THEN team END, state, at, finder, finder_name,
    CASE WHEN assigned_at IS NOT NULL THEN responsible END, CASE WHEN again_at IS NOT NULL THEN second_due ELSE first_due END,
    CASE WHEN rect2 IS NOT NULL THEN measures || ',复查补做' WHEN rect1 IS NOT NULL THEN measures ELSE '' END,
    CASE WHEN assigned_at IS NOT NULL THEN interim ELSE '' END, rectified, CASE WHEN rectified IS NOT NULL THEN responsible END,
    verified, CASE WHEN verified IS NOT NULL THEN boss END, COALESCE(verified, void_at), (again_at IS NOT NULL)::int,
    CASE WHEN again_at IS NOT NULL THEN level2 ELSE level1 END
FROM fill_hazard z CROSS JOIN LATERAL (SELECT CASE WHEN again_at IS NOT NULL THEN rect2 ELSE rect1 END AS rectified,
    CASE WHEN again_at IS NOT NULL THEN look2 ELSE look1 END AS verified) e
"""
COUNTERS = """
INSERT INTO hazards_hazardcounter (hospital_id, month, used)
SELECT hospital, to_char(at AT TIME ZONE %(zone)s, 'YYMM'), count(*) FROM fill_hazard GROUP BY 1, 2
"""
PHOTOS = """
SELECT z.hospital, 'hazards.hazard', z.id, 'after', p.name, p.content_type, p.size, p.sha256, r.at, z.responsible,
    z.responsible_name
FROM fill_hazard z CROSS JOIN LATERAL (VALUES (0, rect1), (1, rect2)) AS r (turn, at)
JOIN fill_photo p ON p.kind = 'after' AND p.i = (z.n + r.turn) %% (SELECT count(*) FROM fill_photo WHERE kind = 'after')
WHERE r.at IS NOT NULL
"""


def _event(
    step: int | str, verb: str, way: str, at: str, actor: str, data: str, rest: str = "", kind: str = "'user'"
) -> str:
    source, _arrow, target = way.partition(">")
    name = f"{actor}_name" if kind == "'user'" else "'hazards.watch_deadlines'"
    who = actor if kind == "'user'" else "NULL::bigint"
    return (
        f"SELECT z.hospital, z.id, '{verb}', '{source}', '{target}', {at}, {who}, {kind}, {name}, {data}, {step} FROM "
        f"fill_hazard z {rest}" + (" AND " if "WHERE" in rest else " WHERE ") + f"{at} IS NOT NULL"
    )


def _facts(pairs: str, before: str = "'{}'::jsonb") -> str:
    return f"jsonb_build_object({pairs}{', ' if pairs else ''}'before', {before})"


def _rectified(at: str, note: str, before: str) -> str:
    return _event(
        5, "rectify", "assigned>rectified", at, "z.responsible", _facts(f"'text', z.measures || '{note}'", before)
    )


def _looked(step: int, at: str) -> str:
    return _event(step, "verify", "rectified>closed", at, "z.boss", _facts("'text', ''"))


def _again(verb: str, source: str, why: str) -> str:
    """Not gone, or back: by a new day, and whoever heard of the old one may hear again."""
    before = (
        "jsonb_build_object('rectified_at', pg_temp.moment(rect1), 'rectified_by_id', responsible) || CASE WHEN second_due "
        "<> first_due"
        " THEN jsonb_build_object('due_on', first_due) ELSE '{}'::jsonb END || CASE WHEN level1 > 0 THEN "
        "jsonb_build_object('level',"
        " level1) ELSE '{}'::jsonb END"
    )
    facts = _facts(f"'reason', '{why}', 'due_on', second_due", before)
    return _event(7, verb, f"{source}>assigned", "z.again_at", "z.boss", facts, f"WHERE z.again = '{verb}'")


def _climbed(due: str, level: str) -> str:
    responsible = "l.level = 'responsible'"
    return _event(
        "4 + l.step * 0.1", "escalated", "", f"(({due} + l.after)::timestamp AT TIME ZONE %(zone)s + interval "
        f"'7 hours 40 minutes')", "", "jsonb_build_object("
        f"'level', l.level, 'days', l.after, 'people', CASE WHEN {responsible} THEN jsonb_build_array(z.responsible) ELSE "
        f"to_jsonb(l.people) END,"
        f" 'told', CASE WHEN {responsible} THEN jsonb_build_array(z.responsible_name) ELSE to_jsonb(l.names) END)",
        f"JOIN fill_climb l ON l.team = z.team AND l.what = z.grade AND l.step <= z.{level}"
        f" AND ({responsible} OR cardinality(l.people) > 0) WHERE true", "'system'",
    )  # fmt: skip


UNDONE = """'{"rectified_at": null, "rectified_by_id": null%s}'::jsonb"""
EVENTS = (
    _event(0, "reported", "", "z.at", "z.finder", "jsonb_build_object('grade', CASE WHEN z.major THEN 'major' ELSE "
    "'general' END, 'source',"
           " z.source)"),
    _event(1, "from_round", "", "z.at", "z.finder", "jsonb_build_object('round', x.round, 'text', p.name)",
           "JOIN fill_fault x ON x.fault = z.fault JOIN inspections_plan p ON p.id = x.plan_id"),
    _event(2, "assign", "open>assigned", "z.assigned_at", "z.boss", _facts(
        "'to', z.responsible_name, 'due_on', z.due0, 'grade', CASE WHEN z.major THEN 'major' ELSE 'general' END, 'interim', "
        "z.interim",
        """'{"responsible_id": null, "team_id": null}'::jsonb || CASE WHEN z.interim = '' THEN '{}'::jsonb ELSE
            '{"interim": ""}'::jsonb END""")),
    _event(2, "void", "open>void", "z.void_at", "z.boss", _facts("'reason', '现场核实,不构成隐患'")),
    _event(3, "regrade", "assigned>assigned", "z.raised_at", "z.boss", _facts(
        "'reason', '现场复核后危险性升高', 'grade', 'major', 'due_on', z.due1", "jsonb_build_object('grade', 'general', "
        "'due_on', z.due0)")),
    _event(3, "postpone", "assigned>assigned", "z.moved_at", "z.boss", _facts(
        "'reason', '等待配件到货', 'from', z.due0, 'due_on', z.due1", "jsonb_build_object('due_on', z.due0)")),
    _climbed("z.first_due", "level1"),
    _rectified("z.rect1", "", UNDONE % ', "measures": ""'),
    _looked(6, "z.look1"),
    _again("refuse", "rectified", "复查未见整改到位"), _again("reopen", "closed", "同一部位再次出现"),
    _climbed("z.second_due", "level2"),
    _rectified("z.rect2", ",复查补做", "jsonb_build_object('rectified_at', NULL, 'rectified_by_id', NULL, 'measures', "
    "z.measures)"),
    _looked(8, "z.look2"),
    "SELECT a.hospital_id, a.subject_id, 'attached', '', '', a.at, a.by_id, 'user', a.by_name, "
    "jsonb_build_object('attachment', a.id, 'kind',"
    " a.kind, 'name', a.name), 5 FROM flow_attachment a WHERE a.subject = 'hazards.hazard'",
)  # fmt: skip
