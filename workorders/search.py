"""How orders are searched: by their own words, and by what stands behind them (the room, the asset, the technician).

A word fits an order that has it in its number, title, description, reporter's name or call-back number, or whose place
(or a place around it), asset or technician has it. Places, assets and people are looked up by their own search, so a renamed room
is found by its new name and no order is written anew. All words must fit.

A common word must not cost more than a rare one, and the newest thousand must be the right thousand:

- state and hospital are tokens of the index too, so "open, with 灯" never reads the closed ones;
- the newest blocks of `BLOCK` orders are looked at first (the block is a token as well; one over many hospitals, four in a few);
  only if they do not hold enough, all are;
- a word that fits more than `BROAD` places, assets and people ("楼") is read off the newest orders, and only those that have it
  themselves off the index, unless a rarer word or the open states narrow the search already;
- who sees only a part of a hospital gets the newest thousand of that part: the grants' own narrowing is asked along.
"""

from __future__ import annotations

from django.db import connection, migrations

from tenancy.search import FEW, MOST, PINNED, joined, lock_down, tokens

TABLE = "workorders_workorder"
PLAIN = ("number", "title", "description", "reporter_name", "phone")
NAMED = ("title", "reporter_name")
BLOCK = 65536
BROAD, NEWEST = 300, 30000


def order_tokens(row: str = "") -> str:
    more = (
        f"'!' || {row}state::text",
        f"'@' || ({row}id / {BLOCK})::text",
        f"'u' || coalesce({row}assignee_id, 0)::text",
    )
    return tokens(PLAIN, NAMED, row, *more)


WHOLE, REST = "\x01", "\x02"  # where the narrowing goes in; no word keeps these signs
HEAP = (
    "format(' AND t.hospital_id + 0 = ANY (%L)', inside)"
    " || CASE WHEN states IS NULL THEN '' ELSE format(' AND t.state = ANY (%L)', states) END || granted"
)
# What one grant is narrowed to; `tenancy.search.narrowing` says it.
GRANTED = """format('t.hospital_id + 0 = ANY (%L)', ARRAY(SELECT jsonb_array_elements_text(g -> 'hospitals')::bigint))
            || CASE WHEN g ? 'path' THEN format(' AND t.place_id = ANY (%L)', ARRAY(SELECT p.id FROM tenancy_place p
                WHERE p.path >= g ->> 'path' AND p.path < left(g ->> 'path', -1) || '/')) ELSE '' END
            || CASE WHEN g ? 'own' THEN format(' AND (t.reporter_id = %1$s OR t.assignee_id = %1$s)', (g ->> 'own')::bigint)
                ELSE '' END
            || coalesce(' AND t.department = ' || quote_literal(g ->> 'department'), '')
            || coalesce(' AND t.contractor_id = ' || (g ->> 'contractor')::bigint, '')
            || coalesce(' AND t.unit_id = ' || (g ->> 'unit')::bigint, '')
            || coalesce(' AND t.team_id = ' || (g ->> 'team')::bigint, '')"""


# Put together as text: each word has sets of its own, and the planner sees every list of ids as it is. A set is one look into one
# index; joined by OR they would make the database take every candidate's text apart again.
FIND = """
CREATE OR REPLACE FUNCTION {table}_search(
    words text[], hospitals bigint[], states text[] DEFAULT NULL, narrowed jsonb DEFAULT NULL) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER {pinned} AS $$
DECLARE
    inside bigint[] := public.search_scope(hospitals);
    since bigint;
    newest bigint := coalesce((SELECT max(id) FROM {table}), 0);
    tags text[] := CASE WHEN cardinality(inside) = 1 THEN ARRAY['#' || inside[1]] ELSE '{{}}' END;
    tagged text := CASE WHEN tags = '{{}}' THEN '' ELSE format(' AND {tokens} @> %L', tags) END; -- "all of none" has no index
    whole text := format(' AND t.hospital_id + 0 = ANY (%L)', inside);
    places bigint[]; things bigint[]; people bigint[]; ids bigint[];
    needed text[] := '{{}}'; has text := ''; sets text[] := '{{}}';
    broad text[] := '{{}}'; seen text := ''; near text := ''; around text;
    word text; own text; exact text; query text; part text; recent text := ''; granted text := '';
BEGIN
    IF narrowed IS NOT NULL THEN
        granted := ' AND (' || (SELECT coalesce(string_agg(translate({granted}, '{whole}{rest}', ''), ' OR '), 'false')
            FROM jsonb_array_elements(narrowed) g) || ')';
        whole := whole || granted;
    END IF;
    words := ARRAY(SELECT translate(w, '{whole}{rest}', '') FROM unnest(words) w);
    states := CASE WHEN states IS NOT NULL THEN ARRAY(SELECT translate(s, '{whole}{rest}', '') FROM unnest(states) s) END;
    IF states IS NOT NULL THEN
        whole := whole || format(' AND {tokens} && %L', ARRAY(SELECT '!' || s FROM unnest(states) s));
    END IF;
    IF cardinality(words) = 0 THEN
        RETURN;
    END IF;
    IF cardinality(inside) <> 1 THEN
        recent := format(' AND {tokens} && %L',
            ARRAY(SELECT '@' || b FROM generate_series((newest - {newest}) / {block}, newest / {block}) b));
    END IF;
    FOREACH word IN ARRAY words LOOP
        places := ARRAY(SELECT tenancy_place_around(word, inside));
        things := ARRAY(SELECT assets_asset_find(ARRAY[word], inside));
        people := ARRAY(SELECT user_id FROM tenancy_membership WHERE id IN (SELECT tenancy_membership_find(ARRAY[word], inside)));
        exact := format('(strpos(lower({plain}), %L) > 0 OR public.search_matches({plain}, {named}, %L))', word, word);
        own := CASE WHEN public.search_long(ARRAY[word]) <> '{{}}' THEN ' AND ' || exact ELSE '' END;
        IF cardinality(places || things || people) = 0 THEN
            needed := needed || public.search_needed(ARRAY[word]);
            has := has || own;
            CONTINUE;
        END IF;
        part := format('{from} {tokens} @> %L', public.search_needed(ARRAY[word]) || tags) || own || '{whole}'
            || format(' UNION {from} (t.place_id = ANY (%L) OR t.asset_id = ANY (%L))', places, things) || '{rest}'
            || CASE WHEN people = '{{}}' THEN ''
                ELSE format(' UNION {from} {tokens} && %L', ARRAY(SELECT 'u' || p FROM unnest(people) p))
                    || tagged || '{whole}' END;
        IF cardinality(places || things || people) <= {broad} THEN
            sets := sets || ('(' || part || ')');
        ELSE
            broad := broad || ('(' || part || ')');
            around := format(' AND (t.place_id = ANY (%L) OR t.asset_id = ANY (%L) OR t.assignee_id = ANY (%L) OR ',
                places, things, people);
            seen := seen || around || exact || ')';
            near := near || around || format('t.id IN ({from} {tokens} @> %L', public.search_needed(ARRAY[word]) || tags)
                || own || recent || '))';
        END IF;
    END LOOP;

    IF needed <> '{{}}' OR (sets = '{{}}' AND states IS NOT NULL) THEN
        sets := sets || (format('({from} {tokens} @> %L', needed || tags) || has || '{whole})');
    END IF;
    IF sets = '{{}}' THEN
        part := CASE WHEN cardinality(inside) = 1 THEN format('hospital_id = %s', inside[1])
            ELSE format('id > %s AND hospital_id = ANY (%L)', newest - {newest}, inside) END;
        EXECUTE 'SELECT ARRAY(SELECT t.id FROM (SELECT * FROM {table} WHERE ' || part || ' ORDER BY id DESC LIMIT {newest}) t'
            || ' WHERE true' || near || granted || ' ORDER BY t.id DESC LIMIT {limit})' INTO ids;
        IF cardinality(ids) = {limit} THEN
            RETURN QUERY SELECT unnest(ids);
            RETURN;
        END IF;
        sets := broad;
        seen := '';
    END IF;

    query := 'WITH hit AS MATERIALIZED (' || array_to_string(sets, ' INTERSECT ') || ') SELECT ARRAY(SELECT '
        || CASE WHEN seen = '' THEN 'id FROM hit' ELSE 't.id FROM hit JOIN {table} t ON t.id = hit.id WHERE true' || seen END
        || ' ORDER BY 1 DESC LIMIT {limit})';
    IF newest > 8 * {block} THEN
        since := newest / {block} - CASE WHEN cardinality(inside) > {few} THEN 0 ELSE 3 END;
        part := format(' AND {tokens} && %L', ARRAY(SELECT '@' || b FROM generate_series(since, newest / {block}) b));
        EXECUTE replace(replace(query, '{whole}', whole || part), '{rest}', {heap}
            || format(' AND t.id >= %s', since * {block})) INTO ids;
    END IF;
    IF coalesce(cardinality(ids), 0) < {limit} THEN
        EXECUTE replace(replace(query, '{whole}', whole), '{rest}', {heap}) INTO ids;
    END IF;
    RETURN QUERY SELECT unnest(ids);
END $$;
"""


def find_sql() -> str:
    facts = {"table": TABLE, "pinned": PINNED, "limit": MOST + 1, "few": FEW, "block": BLOCK, "broad": BROAD}
    facts |= {"plain": joined(PLAIN, "t."), "named": joined(NAMED, "t."), "newest": NEWEST, "granted": GRANTED}
    facts |= {"tokens": order_tokens("t.").replace("'", "''"), "from": f"SELECT t.id FROM {TABLE} t WHERE"}
    facts |= {"whole": WHOLE, "rest": REST, "heap": HEAP}
    return FIND.format(**facts) + lock_down(f"{TABLE}_search(text[], bigint[], text[], jsonb)")


class SearchableOrders(migrations.RunSQL):
    """The index over the words of orders, and the function that asks it."""

    def __init__(self) -> None:
        index = f"CREATE INDEX order_search ON {TABLE} USING gin ({order_tokens()});"
        super().__init__(index + find_sql(), migrations.RunSQL.noop)


class NarrowedSearch(migrations.RunSQL):
    """The function with the grants' narrowing, in place of the one without it."""

    def __init__(self) -> None:
        old = f"DROP FUNCTION IF EXISTS {TABLE}_search(text[], bigint[], text[]);"
        super().__init__(old + find_sql(), migrations.RunSQL.noop)


def found_orders(
    words: list[str],
    hospitals: list[int] | None = None,
    states: list[str] | None = None,
    narrowed: str | None = None,
) -> list[int]:
    """Ids of the newest orders that all words fit; of these live states only, and within these grants (`narrowing`), where
    they are given."""
    with connection.cursor() as cursor:
        asked = f"SELECT {TABLE}_search(%s::text[], %s::bigint[], %s::text[], %s::jsonb)"
        cursor.execute(asked, (words, hospitals, states, narrowed))
        return [pk for (pk,) in cursor.fetchall()]
