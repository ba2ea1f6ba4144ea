"""How orders are searched: by their own words, and by what stands behind them (the room, the asset, the technician).

A word fits an order that has it in its number, title, description, reporter's name or call-back number, or whose place
(or a place around it), asset or technician has it. Places, assets and people are looked up by their own search, so a renamed room
is found by its new name and no order is written anew. All words must fit.

A common word must not cost more than a rare one, and the newest thousand must be the right thousand:

- state and hospital are tokens of the index too, so "open, with 灯" never reads the closed ones;
- over many hospitals the newest `BLOCK` orders are looked at first (they are a token as well); only if they do not hold enough,
  all are;
- a word that fits more than `BROAD` places, assets and people ("楼") is read off the newest orders, not off an index, unless a
  rarer word or the open states narrow the search already.
"""

from __future__ import annotations

from django.db import migrations

from tenancy.search import FEW, MOST, PINNED, call, joined, lock_down, tokens

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


# Conditions are put together as text: each word has arms of its own, and the planner sees every list of ids as it is.
FIND = """
CREATE FUNCTION {table}_search(words text[], hospitals bigint[], states text[]) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER {pinned} AS $$
DECLARE
    inside bigint[] := public.search_scope(hospitals);
    newest bigint := coalesce((SELECT max(id) FROM {table}), 0);
    needed text[] := '{{}}';
    places bigint[]; things bigint[]; people bigint[];
    word text; own text; behind text; part text;
    newest_first text := ') SELECT ARRAY(SELECT id FROM hit ORDER BY id DESC LIMIT {limit})';
    narrow text := ''; broad text := ''; seen text := '';
    ids bigint[];
BEGIN
    IF cardinality(words) = 0 THEN
        RETURN;
    END IF;
    FOREACH word IN ARRAY words LOOP
        places := ARRAY(SELECT tenancy_place_around(word, inside));
        things := ARRAY(SELECT assets_asset_find(ARRAY[word], inside));
        people := ARRAY(SELECT user_id FROM tenancy_membership WHERE id IN (SELECT tenancy_membership_find(ARRAY[word], inside)));
        own := CASE WHEN length(word) > 2 THEN format(' AND public.search_matches({plain}, {named}, %L)', word) ELSE '' END;
        IF cardinality(places || things || people) = 0 THEN
            needed := needed || public.search_needed(ARRAY[word]);
            narrow := narrow || own;
            CONTINUE;
        END IF;
        behind := format(' OR t.place_id = ANY (%L) OR t.asset_id = ANY (%L)', places, things);
        own := format(' AND ({tokens} @> %L', public.search_needed(ARRAY[word])) || own || behind
            || format(' OR {tokens} && %L)', ARRAY(SELECT 'u' || p FROM unnest(people) p));
        IF cardinality(places || things || people) <= {broad} THEN
            narrow := narrow || own;
        ELSE
            broad := broad || own;
            seen := seen || format(' AND (t.assignee_id = ANY (%L)', people) || behind
                || format(' OR public.search_matches({plain}, {named}, %L))', word);
        END IF;
    END LOOP;

    IF broad <> '' AND narrow = '' AND needed = '{{}}' AND states IS NULL THEN
        PERFORM set_config('enable_indexscan', 'on', true);
        part := CASE WHEN cardinality(inside) = 1 THEN format('hospital_id = %s', inside[1])
            ELSE format('id > %s AND hospital_id = ANY (%L)', newest - {newest}, inside) END;
        EXECUTE 'SELECT ARRAY(SELECT t.id FROM (SELECT * FROM {table} WHERE ' || part || ' ORDER BY id DESC LIMIT {newest}) t'
            || ' WHERE true' || seen || ' ORDER BY t.id DESC LIMIT {limit})' INTO ids;
        PERFORM set_config('enable_indexscan', 'off', true);
        IF cardinality(ids) = {limit} THEN
            RETURN QUERY SELECT unnest(ids);
            RETURN;
        END IF;
        narrow := broad;
    ELSE
        narrow := narrow || seen;
    END IF;

    narrow := narrow || format(' AND t.hospital_id = ANY (%L)', inside);
    IF cardinality(inside) = 1 THEN
        needed := needed || ('#' || inside[1]);
    ELSIF cardinality(inside) <= {few} THEN
        narrow := narrow || format(' AND {tokens} && %L', ARRAY(SELECT '#' || h FROM unnest(inside) h));
    END IF;
    IF states IS NOT NULL THEN
        narrow := narrow || format(' AND {tokens} && %L', ARRAY(SELECT '!' || s FROM unnest(states) s));
    END IF;
    IF needed <> '{{}}' THEN
        narrow := narrow || format(' AND {tokens} @> %L', needed);
    END IF;
    narrow := 'WITH hit AS MATERIALIZED (SELECT t.id FROM {table} t WHERE true' || narrow;
    IF cardinality(inside) > {few} AND states IS NULL AND newest > 4 * {block} THEN
        part := format(' AND {tokens} && %L', ARRAY['@' || (newest / {block}), '@' || (newest / {block} - 1)]);
        EXECUTE narrow || part || newest_first INTO ids;
    END IF;
    IF coalesce(cardinality(ids), 0) < {limit} THEN
        EXECUTE narrow || newest_first INTO ids;
    END IF;
    RETURN QUERY SELECT unnest(ids);
END $$;
"""


class SearchableOrders(migrations.RunSQL):
    """The index over the words of orders, and the function that asks it."""

    def __init__(self) -> None:
        facts = {
            "table": TABLE,
            "pinned": PINNED,
            "limit": MOST + 1,
            "few": FEW,
            "block": BLOCK,
            "broad": BROAD,
            "newest": NEWEST,
        }
        facts |= {
            "plain": joined(PLAIN, "t."),
            "named": joined(NAMED, "t."),
            "tokens": order_tokens("t.").replace("'", "''"),
        }
        find = FIND.format(**facts)
        lock = lock_down(f"{TABLE}_search(text[], bigint[], text[])")
        super().__init__(
            f"CREATE INDEX order_search ON {TABLE} USING gin ({order_tokens()});{find}{lock}", migrations.RunSQL.noop
        )


def found_orders(words: list[str], hospitals: list[int] | None = None, states: list[str] | None = None) -> list[int]:
    """Ids of the newest orders that all words fit; of these live states only, where they are given."""
    return call(f"{TABLE}_search", words, hospitals, states)
