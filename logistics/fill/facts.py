"""What becomes of each order of a month: where, what, who, and when each step is taken; in one statement.

Chance is a hash of the order's running number, so the same seed gives the same month. Steps are planned in seconds after
the report; whatever would lie after the end is pulled before it (work on the order) or left out (signing, closing).
"""

from __future__ import annotations

HELPERS = """
CREATE OR REPLACE FUNCTION pg_temp.u(n bigint, salt bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS
$$ SELECT ((hashint8extended($1, $2 + {seed}) >> 11) & 9007199254740991)::float8 / 9007199254740992 $$;
CREATE OR REPLACE FUNCTION pg_temp.z(n bigint, salt bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS
$$ SELECT (pg_temp.u($1, $2) + pg_temp.u($1, $2 + 1) + pg_temp.u($1, $2 + 2) - 1.5) * 2 $$;
CREATE OR REPLACE FUNCTION pg_temp.pick(words text[], chance float8) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT ($1)[1 + floor($2 * cardinality($1))::int] $$;
CREATE OR REPLACE FUNCTION pg_temp.moment(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS"+00:00"') $$;
"""

# where, what, which piece of equipment, which of the two people of each seat
DRAW = """
draw AS MATERIALIZED (
    SELECT g.n, COALESCE(f.h, width_bucket(pg_temp.u(g.n, 1), %(shares)s::float8[])) AS h,
           COALESCE(f.p, (%(slots)s::int[])[1 + floor(pg_temp.u(g.n, 2) * cardinality(%(slots)s::int[]))::int]) AS p,
           COALESCE(f.at, (d.day + make_interval(secs => floor(COALESCE(pg_temp.u(g.n, 3) * d.seconds,
               (%(hours)s::int[])[1 + floor(pg_temp.u(g.n, 4) * cardinality(%(hours)s::int[]))::int] * 3600
               + pg_temp.u(g.n, 3) * 3600)))) AT TIME ZONE %(zone)s) AS at, f.asset, f.place, f.unit, f.finder, f.finder_name,
           f.found_title, f.found_text, f.found_urgency, f.fault, f.found_round, f.found_plan
    FROM fill_day d CROSS JOIN LATERAL generate_series(d.first, d.first + d.count - 1) AS g (n)
    LEFT JOIN fill_found f ON f.n = g.n
    WHERE d.day >= %(month)s AND d.day < %(next)s
),
who AS MATERIALIZED (
    SELECT a.n, a.h, a.p, a.at, s.id AS hospital, s.code, s.quality, o.stage AS open_stage, p.department,
           p.is_safety, p.waits, p.respond[haste] AS respond, p.complete[haste] AS complete, hurry.urgency, COALESCE(a.asset,
               x.id) AS asset,
           a.finder, a.finder_name, a.found_title, a.found_text, a.fault, a.found_round, a.found_plan,
           CASE WHEN a.finder IS NOT NULL THEN 'system' WHEN pg_temp.u(a.n, 9) < 0.3 THEN 'phone' WHEN pg_temp.u(a.n, 9) < 0.63
               THEN 'scan'
                WHEN pg_temp.u(a.n, 9) > 0.97 AND p.for_patients THEN 'patient' ELSE 'web' END AS channel,
           COALESCE(a.place, x.place, w.rooms[room]) AS place, CASE WHEN x.id IS NULL THEN w.labels[room] ELSE x.name END AS
               room_label,
           w.id AS unit, w.phone, p.team, t.name AS team_name, t.contractor,
           CASE WHEN at < w.changed[r] THEN w.first[r] ELSE w.second[r] END AS nurse,
           CASE WHEN at < w.changed[r] THEN w.first_name[r] ELSE w.second_name[r] END AS nurse_name,
           CASE WHEN at < w.changed[g] THEN w.first[g] ELSE w.second[g] END AS signer,
           CASE WHEN at < w.changed[g] THEN w.first_name[g] ELSE w.second_name[g] END AS signer_name,
           CASE WHEN at < t.changed[k] THEN t.first[k] ELSE t.second[k] END AS worker,
           CASE WHEN at < t.changed[k] THEN t.first_name[k] ELSE t.second_name[k] END AS worker_name,
           CASE WHEN at < t.changed[l] THEN t.first[l] ELSE t.second[l] END AS other,
           CASE WHEN at < t.changed[l] THEN t.first_name[l] ELSE t.second_name[l] END AS other_name,
           CASE WHEN at < s.changed[m] THEN s.first[m] ELSE s.second[m] END AS desk,
           CASE WHEN at < s.changed[m] THEN s.first_name[m] ELSE s.second_name[m] END AS desk_name,
           CASE WHEN a.finder IS NOT NULL THEN NULL WHEN o.stage IS NULL AND pg_temp.u(a.n, 20) < 0.021 THEN 'withdraw'
                WHEN o.stage IS NULL AND pg_temp.u(a.n, 20) < 0.028 THEN 'void' END AS cancel,
           extract(epoch FROM %(until)s - at)::float8 AS until
    FROM draw a JOIN fill_hospital s ON s.h = a.h JOIN fill_problem p ON p.h = a.h AND p.p = a.p
    JOIN fill_team t ON t.id = p.team LEFT JOIN fill_open o ON o.n = a.n
    LEFT JOIN fill_asset x ON x.h = a.h AND x.kind = p.kind AND a.finder IS NULL
         AND x.i = CASE WHEN pg_temp.u(a.n, 6) < p.asset_share THEN floor(pg_temp.u(a.n, 7) * p.assets)::int END
    JOIN fill_unit w ON w.h = a.h AND w.i = COALESCE(a.unit, x.unit, floor(power(pg_temp.u(a.n, 8), 1.3) * s.units)::int)
    CROSS JOIN LATERAL (
        SELECT 1 + floor(pg_temp.u(a.n, 10) * cardinality(w.rooms))::int AS room,
               1 + floor(pg_temp.u(a.n, 11) * w.seats)::int AS r, 1 + floor(pg_temp.u(a.n, 50) * w.seats)::int AS g,
               1 + floor(pg_temp.u(a.n, 12) * t.seats)::int AS k, 1 + floor(pg_temp.u(a.n, 13) * s.seats)::int AS m,
               1 + (1 + floor(pg_temp.u(a.n, 12) * t.seats)::int) %% t.seats AS l
    ) seat
    CROSS JOIN LATERAL (
        SELECT CASE WHEN a.finder IS NOT NULL THEN a.found_urgency WHEN p.urgency = 'normal' AND pg_temp.u(a.n, 5) < 0.05 THEN
            'urgent' ELSE p.urgency END AS urgency
    ) hurry
    CROSS JOIN LATERAL (SELECT array_position(ARRAY['normal', 'urgent', 'critical'], hurry.urgency) AS haste) speed
),
"""

# how far it gets, and when: dispatched, sent back, reassigned, accepted, arrived, on hold, finished
WORK = """
path AS MATERIALIZED (
    SELECT c.*, c.stage >= 1 AND pg_temp.u(n, 22) < 0.012 AS is_back, c.stage >= 1 AND pg_temp.u(n, 23) < 0.02 AS is_moved,
           pg_temp.u(n, 24) < 0.65 AS is_direct,
           c.stage = 4 OR c.stage = 5 AND pg_temp.u(n, 21) < c.waits AS is_wait,
           GREATEST(420, c.complete * 18 * quality * exp(0.7 * pg_temp.z(n, 30))) AS total
    FROM (SELECT w.*, COALESCE(open_stage, CASE cancel WHEN 'withdraw' THEN (pg_temp.u(n, 25) > 0.7)::int
          WHEN 'void' THEN floor(pg_temp.u(n, 25) * 3)::int ELSE 5 END) AS stage FROM who w) c
),
pace AS MATERIALIZED (
    SELECT p.*, LEAST(total * 0.5, respond * 30 * exp(0.6 * pg_temp.z(n, 33))
                * CASE WHEN extract(hour FROM at AT TIME ZONE %(zone)s) BETWEEN 7 AND 21 THEN 1 ELSE 1.5 END) AS answer,
           CASE WHEN is_wait THEN (5 + exp(1.3 * pg_temp.z(n, 36)) * 40) * 3600 ELSE 0 END AS hold
    FROM path p
),
steps AS MATERIALIZED (
    SELECT q.*,
           CASE WHEN stage >= 1 THEN floor(LEAST(answer * 0.3, until * 0.3)) END AS dispatch,
           CASE WHEN is_back THEN floor(LEAST(answer * 0.5, until * 0.4)) END AS back,
           CASE WHEN is_back THEN floor(LEAST(answer * 0.65, until * 0.5)) END AS again,
           CASE WHEN is_moved THEN floor(LEAST(answer * 0.8, until * 0.6)) END AS reassign,
           CASE WHEN stage >= 2 THEN floor(LEAST(answer, until * 0.7)) END AS accept,
           CASE WHEN stage >= 3 THEN floor(LEAST(go, until * 0.8)) END AS arrive,
           CASE WHEN is_wait THEN floor(LEAST(go + (total - go) * 0.2, until * 0.85)) END AS wait,
           CASE WHEN is_wait AND stage = 5
                THEN floor(LEAST(go + (total - go) * 0.2 + LEAST(hold, 1296000), until * 0.92)) END AS resume,
           CASE WHEN stage = 5 THEN floor(LEAST(total + LEAST(hold, 1296000), until * 0.96)) END AS fin1
    FROM (SELECT p.*, answer + (total - answer) * (0.1 + 0.3 * pg_temp.u(n, 39)) AS go FROM pace p) q
),
"""

# signed, closed, or closed unsigned; sent back for rework and done again
END = """
first_end AS MATERIALIZED (
    SELECT s.*, fin1 + delay AS sign1, COALESCE(fin1 + delay + 7200 + floor(pg_temp.u(n, 42) * 208800), fin1 + lapse) AS close1,
           CASE WHEN COALESCE(delay, lapse) > remind THEN fin1 + remind END AS rem1
    FROM (SELECT t.*, floor(259200 + pg_temp.u(n, 43) * 3600) AS lapse, floor(129600 + pg_temp.u(n, 44) * 3600) AS remind,
                 CASE WHEN fin1 IS NULL OR pg_temp.u(n, 40) < 0.06 AND NOT is_safety THEN NULL
                      WHEN pg_temp.u(n, 40) < 0.06 THEN floor((40 + 100 * pg_temp.u(n, 41)) * 3600)
                      ELSE floor(LEAST(240 - ln(1 - pg_temp.u(n, 41)) * 32400, 255600)) END AS delay FROM steps t) s
),
again AS MATERIALIZED (
    SELECT e.*, redo + floor(600 + pg_temp.u(n, 61) * 7200) AS acc2, redo + floor(8400 + pg_temp.u(n, 62) * 3600) AS arr2,
           redo + floor(13000 + pg_temp.u(n, 63) * LEAST(total, 172800)) AS fin2
    FROM (SELECT f.*, CASE rework WHEN 'done' THEN fin1 + floor(1200 + pg_temp.u(n, 60) * 72000)
                 WHEN 'signed' THEN sign1 + floor(60 + pg_temp.u(n, 60) * 7000)
                 WHEN 'closed' THEN close1 + floor(7200 + pg_temp.u(n, 60) * 777600) END AS redo
          FROM (SELECT g.*, CASE WHEN stage < 5 OR cancel IS NOT NULL THEN NULL WHEN pg_temp.u(n, 59) < 0.018 THEN 'done'
                       WHEN pg_temp.u(n, 59) < 0.025 THEN CASE WHEN sign1 IS NOT NULL THEN 'signed' END
                       WHEN pg_temp.u(n, 59) < 0.031 THEN 'closed' END AS rework FROM first_end g) f) e
),
second_end AS MATERIALIZED (
    SELECT s.*, fin2 + delay2 AS sign2, COALESCE(fin2 + delay2 + 7200 + floor(pg_temp.u(n, 72) * 208800), fin2 + lapse) AS close2,
           CASE WHEN COALESCE(delay2, lapse) > remind THEN fin2 + remind END AS rem2
    FROM (SELECT r.n, CASE WHEN pg_temp.u(n, 70) < 0.06 AND NOT is_safety THEN NULL
                      ELSE floor(LEAST(240 - ln(1 - pg_temp.u(n, 71)) * 32400, 255600)) END AS delay2, r.fin2, r.lapse, r.remind
          FROM again r WHERE rework IS NOT NULL AND fin2 <= until) s
)
"""

# everything of an order in one row: moments instead of seconds, and what is left out after the end
FACT = """
SELECT row_number() OVER (ORDER BY a.at, a.n) + %(base)s AS id, a.n, a.h, a.p, hospital, code, department, asset,
    place, room_label, unit, a.phone, channel, urgency, a.at AS reported_at, respond, complete, stage, cancel,
    nurse, nurse_name, signer, signer_name, worker, worker_name, other, other_name, desk, desk_name, team, team_name, contractor,
    is_direct, is_moved, is_back, a.total, finder, finder_name, found_title, found_text, fault, found_round, found_plan,
    a.at + dispatch * s AS dispatch, a.at + back * s AS back, a.at + again * s AS again, a.at + reassign * s AS reassign,
    a.at + accept * s AS accept, a.at + arrive * s AS arrive, a.at + wait * s AS wait, a.at + resume * s AS resume,
    a.at + fin1 * s AS fin1,
    CASE WHEN is_wait THEN pg_temp.pick(ARRAY['material', 'material', 'material', 'outside', 'access', 'requester'],
         pg_temp.u(a.n, 45)) END AS reason,
    CASE WHEN again2.n IS NOT NULL THEN rework END AS rework,
    CASE WHEN again2.n IS NOT NULL THEN a.at + redo * s END AS redo,
    CASE WHEN again2.n IS NOT NULL THEN a.at + acc2 * s END AS acc2,
    CASE WHEN again2.n IS NOT NULL THEN a.at + arr2 * s END AS arr2, a.at + again2.fin2 * s AS fin2,
    CASE WHEN sign1 <= until AND (again2.n IS NULL OR rework <> 'done') THEN a.at + sign1 * s END AS sign1,
    CASE WHEN close1 <= until AND (again2.n IS NULL OR rework = 'closed') THEN a.at + close1 * s END AS close1,
    CASE WHEN rem1 <= until AND (again2.n IS NULL OR rework <> 'done') THEN a.at + rem1 * s END AS rem1,
    CASE WHEN sign2 <= until THEN a.at + sign2 * s END AS sign2, CASE WHEN close2 <= until THEN a.at + close2 * s END AS close2,
    CASE WHEN rem2 <= until THEN a.at + rem2 * s END AS rem2,
    CASE WHEN cancel IS NOT NULL THEN a.at + floor(LEAST(COALESCE(accept, reassign, again, dispatch, 0) + 60
         + pg_temp.u(a.n, 26) * 2400, until * 0.98)) * s END AS cancelled,
    CASE WHEN department = 'maintenance' AND stage = 5 AND pg_temp.u(a.n, 80) < 0.42
         THEN 1 + floor(pg_temp.u(a.n, 81) * cardinality(%(parts)s::text[]))::int END AS part,
    1 + floor(power(pg_temp.u(a.n, 82), 2) * 4)::int AS quantity,
    CASE WHEN reasons.is_outside THEN round((180 + 2600 * power(pg_temp.u(a.n, 83), 2))::numeric, 2) END AS bill,
    CASE WHEN stage = 5 AND pg_temp.u(a.n, 84) < 0.05 THEN 10 + floor(pg_temp.u(a.n, 85) * 50)::int END AS help
FROM again a LEFT JOIN second_end again2 ON again2.n = a.n CROSS JOIN (SELECT interval '1 second' AS s) one
CROSS JOIN LATERAL (
    SELECT stage = 5 AND is_wait AND pg_temp.u(a.n, 45) >= 0.5 AND pg_temp.u(a.n, 45) < 0.6666 AS is_outside) reasons
"""
MONTH = f"WITH {DRAW}{WORK}{END}{FACT}"
