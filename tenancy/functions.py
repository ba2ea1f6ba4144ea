"""The two SQL functions behind `access`: a person's grants as one JSON, and the same with the scope set to them.

They run as the owner, because the grants that decide the scope point at places and engagements behind the wall.
"""

REACHES = """
CREATE OR REPLACE FUNCTION tenancy_reaches(person bigint, day date) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
WITH held AS (
    SELECT g.id, r.permissions, g.consortium_id, g.hospital_id, g.department, g.contractor_id, g.unit_id, g.team_id,
           g.own, coalesce(p.path, '') AS path
    FROM tenancy_grant g
    JOIN tenancy_role r ON r.id = g.role_id
    JOIN accounts_user u ON u.id = g.user_id AND u.is_active
    LEFT JOIN tenancy_place p ON p.id = g.place_id
    WHERE g.user_id = person AND g.starts_on <= day AND (g.ends_on IS NULL OR g.ends_on >= day)
), reach AS (
    SELECT held.*, ARRAY(
        SELECT h.id FROM tenancy_hospital h
        WHERE h.is_open AND (h.id = held.hospital_id OR h.consortium_id = held.consortium_id)) AS hospitals
    FROM held WHERE held.contractor_id IS NULL
    UNION ALL
    SELECT held.id, held.permissions, NULL, h.id, e.department, held.contractor_id, held.unit_id, held.team_id,
           held.own, held.path, ARRAY[h.id]
    FROM held
    JOIN tenancy_engagement e ON e.contractor_id = held.contractor_id AND e.starts_on <= day
         AND (e.ends_on IS NULL OR e.ends_on >= day) AND held.department IN ('', e.department)
    JOIN tenancy_hospital h ON h.id = e.hospital_id AND h.is_open
         AND (h.id = held.hospital_id OR h.consortium_id = held.consortium_id)
    WHERE held.contractor_id IS NOT NULL
)
SELECT jsonb_build_object(
    'reaches', coalesce((SELECT jsonb_agg(jsonb_build_object(
        'permissions', to_jsonb(permissions), 'hospitals', to_jsonb(hospitals), 'consortium', consortium_id,
        'path', path, 'department', department, 'contractor', contractor_id, 'unit', unit_id, 'team', team_id,
        'own', own, 'grant', id)) FROM reach), '[]'),
    'hospitals', coalesce((SELECT jsonb_agg(jsonb_build_object(
        'id', h.id, 'code', h.code, 'name', h.name, 'short_name', h.short_name, 'kind', h.kind,
        'consortium', h.consortium_id, 'modules', to_jsonb(h.modules)) ORDER BY h.code)
        FROM tenancy_hospital h WHERE h.id IN (SELECT unnest(hospitals) FROM reach)), '[]'),
    'consortia', coalesce((SELECT jsonb_agg(DISTINCT c) FROM (
        SELECT consortium_id AS c FROM reach WHERE consortium_id IS NOT NULL
        UNION SELECT h.consortium_id FROM tenancy_hospital h
        WHERE h.id IN (SELECT unnest(hospitals) FROM reach)) s), '[]'))
$$;
"""

ENTER = """
CREATE OR REPLACE FUNCTION tenancy_enter(person bigint, day date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    facts jsonb := tenancy_reaches(person, day);
BEGIN
    PERFORM set_config('app.hospitals', '{' || coalesce((
        SELECT string_agg(h->>'id', ',') FROM jsonb_array_elements(facts->'hospitals') h), '') || '}', true);
    PERFORM set_config('app.consortia', '{' || coalesce((
        SELECT string_agg(c::text, ',') FROM jsonb_array_elements(facts->'consortia') c), '') || '}', true);
    RETURN facts;
END
$$;
"""

DROP = "DROP FUNCTION {name}(bigint, date);"


def lock_down(name: str, role: str) -> str:
    return (
        f"REVOKE ALL ON FUNCTION {name}(bigint, date) FROM PUBLIC;"
        f'GRANT EXECUTE ON FUNCTION {name}(bigint, date) TO "{role}";'
    )
