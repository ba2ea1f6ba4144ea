"""Orders, their lines and counters of a month, as rows; from the facts of `facts`."""

from __future__ import annotations

TITLE = """
CASE WHEN pg_temp.u(n, 90) < 0.2 THEN CASE WHEN asset IS NULL THEN '' ELSE room_label END || label
     WHEN pg_temp.u(n, 90) < 0.55 THEN room_label || phrase
     WHEN pg_temp.u(n, 90) < 0.78 THEN CASE WHEN asset IS NULL THEN '' ELSE room_label END || phrase || ',' || detail
     ELSE room_label || phrase || ',' || detail END
"""

# A piece of labour as `workorders/labour.py` keeps it, at the rate of the day the work was finished.
PIECE = """CASE WHEN {minutes} > 0 THEN jsonb_build_array(jsonb_build_object('line', {line}, 'who', {who}, 'minutes', {minutes},
        'price', rate::text, 'amount', {amount}::numeric(12, 2)::text, 'on', fin1_day::text)) ELSE '[]'::jsonb END"""

ORDER_COLUMNS = (
    "id hospital_id number title description service_id problem_id department place_id asset_id unit_id "
    "reporter_id reporter_name phone channel urgency follow_token state waiting_reason waiting_since "
    "waited_seconds team_id assignee_id contractor_id reported_at respond_by due_at responded_at arrived_at "
    "finished_at signed_at closed_at returned reminded_at cause remedy minutes cost musts_ticked signed_by_id "
    "signed_name signed_way attitude skill speed rating_comment pauses next_alarm_at labour labour_cost "
)
ORDERS = f"""
SELECT id, hospital, number, COALESCE(found_title, left({TITLE}, 80)),
    CASE WHEN finder IS NOT NULL THEN found_text WHEN pg_temp.u(n, 92) < 0.12 THEN pg_temp.pick(%(descriptions)s::text[],
        pg_temp.u(n, 93)) ELSE '' END,
    service, CASE WHEN finder IS NULL THEN problem END, department, place, asset, unit, reporter, reporter_name,
    CASE WHEN finder IS NOT NULL THEN '' WHEN channel = 'phone' OR pg_temp.u(n, 94) < 0.5 THEN phone ELSE '' END, channel,
        urgency,
    CASE WHEN channel = 'patient' THEN substr(md5(n::text || '/' || %(seed)s), 1, 16) END, state,
    CASE WHEN state = 'waiting' THEN reason ELSE '' END, CASE WHEN state = 'waiting' THEN wait END, waited,
    CASE WHEN dispatch IS NOT NULL THEN team END, assignee, CASE WHEN dispatch IS NOT NULL THEN contractor END,
    reported_at, reported_at + respond * interval '1 minute',
    reported_at + complete * interval '1 minute' + waited * interval '1 second', accept,
    COALESCE(arrive, resume), finished, signed, closed,
    (fin2 IS NOT NULL)::int, CASE WHEN fin2 IS NULL THEN rem1 ELSE rem2 END, cause, remedy, minutes,
    cost + own_amount + help_amount,
    CASE WHEN finished IS NOT NULL THEN musts ELSE '{{}}' END, CASE WHEN signed IS NOT NULL THEN signer END,
    CASE WHEN signed IS NOT NULL THEN signer_name ELSE '' END,
    CASE WHEN signed IS NULL THEN '' WHEN channel = 'patient' THEN 'proxy' ELSE 'own' END, attitude, skill, speed, words,
    CASE WHEN resume IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_array(
        replace(pg_temp.moment(wait), ' ', 'T'), replace(pg_temp.moment(resume), ' ', 'T'))) END,
    CASE WHEN finished IS NULL AND cancel IS NULL AND reported_at + complete * interval '1 minute' > %(until)s THEN %(until)s END,
    {PIECE.format(minutes="own", line="NULL::bigint", who="worker_name", amount="own_amount")}
    || {PIECE.format(minutes="help", line="help_line", who="other_name", amount="help_amount")}, own_amount + help_amount
FROM fill_row f
"""

BASE = """
SELECT f.*, (fin1 AT TIME ZONE %(zone)s)::date AS fin1_day,
    f.code || '-' || to_char(reported_at AT TIME ZONE %(zone)s, 'YYMM') || '-' || lpad(
           (row_number() OVER (PARTITION BY hospital ORDER BY id))::text, 6, '0') AS number,
    p.service, p.problem, p.label, p.musts, regexp_replace(pg_temp.pick(p.phrases, pg_temp.u(n, 88)),
        CASE WHEN asset IS NULL THEN '^$' ELSE '^(空调|病床|电视)' END, '') AS phrase,
    pg_temp.pick(p.details, pg_temp.u(n, 89)) AS detail,
    CASE channel WHEN 'phone' THEN desk WHEN 'patient' THEN NULL WHEN 'system' THEN finder ELSE nurse END AS reporter,
    CASE channel WHEN 'patient' THEN '患者家属' WHEN 'system' THEN finder_name ELSE nurse_name END AS reporter_name,
    CASE WHEN stage >= 2 OR stage = 1 AND (is_direct OR is_moved) THEN worker END AS assignee,
    CASE WHEN cancel IS NOT NULL THEN 'cancelled'
         WHEN stage < 5 THEN (ARRAY['reported', 'dispatched', 'accepted', 'arrived', 'waiting'])[stage + 1]
         WHEN CASE WHEN fin2 IS NULL THEN close1 ELSE close2 END IS NOT NULL THEN 'closed'
         WHEN CASE WHEN fin2 IS NULL THEN sign1 ELSE sign2 END IS NOT NULL THEN 'signed' ELSE 'done' END AS state,
    COALESCE(extract(epoch FROM resume - wait)::int, 0) AS waited, COALESCE(fin2, fin1) AS finished,
    CASE WHEN fin2 IS NULL THEN sign1 ELSE sign2 END AS signed,
    COALESCE(cancelled, CASE WHEN fin2 IS NULL THEN close1 ELSE close2 END) AS closed,
    CASE WHEN fin1 IS NOT NULL AND f.department = 'maintenance' AND pg_temp.u(n, 96) < 0.85
         THEN pg_temp.pick(%(causes)s::text[], pg_temp.u(n, 97)) ELSE '' END AS cause,
    CASE WHEN fin1 IS NOT NULL THEN pg_temp.pick(p.remedies, pg_temp.u(n, 98)) ELSE '' END AS remedy,
    CASE WHEN fin1 IS NOT NULL
         THEN LEAST(240, 5 + extract(epoch FROM fin1 - COALESCE(resume, arrive))::int / 120) ELSE 0 END AS minutes,
    COALESCE(quantity * price, 0) + COALESCE(bill, 0) AS cost,
    fin1 - (fin1 - COALESCE(resume, arrive)) * 0.3 AS lined,
    CASE WHEN rated THEN mood END AS attitude,
    CASE WHEN rated THEN GREATEST(1, mood - (pg_temp.u(n, 102) < 0.15)::int) END AS skill,
    CASE WHEN rated AND pg_temp.u(n, 103) < 0.9 THEN GREATEST(1, mood - (pg_temp.u(n, 104) < 0.25)::int) END AS speed,
    CASE WHEN rated AND pg_temp.u(n, 105) < 0.25 THEN pg_temp.pick(%(comments)s::text[], pg_temp.u(n, 106)) ELSE '' END AS words
FROM (SELECT r.*, CASE WHEN part IS NOT NULL THEN (%(prices)s::numeric[])[part] END AS price,
             CASE WHEN fin2 IS NULL THEN sign1 ELSE sign2 END IS NOT NULL AND pg_temp.u(n, 100) < 0.8 AS rated,
             GREATEST(1, CASE WHEN pg_temp.u(n, 101) < 0.68 THEN 5 WHEN pg_temp.u(n, 101) < 0.9 THEN 4
                 WHEN pg_temp.u(n, 101) < 0.97 THEN 3 WHEN pg_temp.u(n, 101) < 0.99 THEN 2 ELSE 1 END
                 - (total > complete * 60)::int - (fin2 IS NOT NULL)::int) AS mood
      FROM fill_fact r) f JOIN fill_problem p ON p.h = f.h AND p.p = f.p
"""

FRESH = "nextval(pg_get_serial_sequence('workorders_line', 'id'))"
# What the team's people cost an hour on the day the work is done: their department's rate, else the hospital's; a firm's none.
RATE = """
SELECT price FROM workorders_labourrate l WHERE l.hospital_id = f.hospital AND l.department IN ('', f.department)
AND l.valid_from <= f.fin1_day AND f.contractor IS NULL ORDER BY l.department DESC, l.valid_from DESC LIMIT 1
"""

# what the events need as well is worked out once
ROW = f"""
SELECT g.*, COALESCE(round(rate * own / 60, 2), 0) AS own_amount, COALESCE(round(rate * help / 60, 2), 0) AS help_amount
FROM (SELECT f.*, GREATEST(minutes - COALESCE(help, 0), 0) AS own, CASE WHEN help IS NOT NULL
             THEN {FRESH} END AS help_line,
             CASE WHEN minutes > 0 THEN ({RATE}) END AS rate
      FROM ({BASE}) f) g
"""

# kind, text, person, minutes, quantity, price, which of the facts says that there is one
LINE_COLUMNS = "id hospital_id order_id kind text person_id minutes quantity price amount at by_id"
LINES = f"""
SELECT {FRESH}, hospital, id, 'part', (%(parts)s::text[])[part], NULL::bigint, 0, quantity, price, quantity * price, lined,
    worker
FROM fill_row WHERE part IS NOT NULL
UNION ALL
SELECT {FRESH}, hospital, id, 'contractor', '外修费用', NULL::bigint, 0, 1, bill, bill, lined, worker
FROM fill_row WHERE bill IS NOT NULL
UNION ALL
SELECT help_line, hospital, id, 'labour', '协助', other, help, 1, 0, 0, lined, worker FROM fill_row WHERE help IS NOT NULL
"""

NUMBERS = """
INSERT INTO workorders_numberblock (hospital_id, month, used)
SELECT hospital, to_char(%(month)s::date, 'YYMM'), count(*) FROM fill_row GROUP BY 1
"""
