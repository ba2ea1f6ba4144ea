"""Search behind the wall: any part of a text, or the first letters of its pinyin, by an index.

Under row-level security no index serves LIKE, trigrams or arrays, because their operators are not leakproof. So each searchable
table gets a GIN index over the *tokens* of its text (every character, every pair of neighbours, every three letters, digits or
signs in a row, the same of the initials) and one function that runs as the owner, applies the scope by itself and answers ids;
the page then filters these by `for_user`.

- The index is over an expression. No column is stored and no trigger runs: whatever writes a row keeps it true.
- One or two characters are a token, and three letters or digits; longer words are looked up by these and then compared with the
  text itself. Pairs alone would not do for digits: nearly every telephone number has a 13.
- Text and words meet folded: full width as half width, capitals as small letters. A character with two usual readings is found
  by either: 空调 by kt and by kd.
- At most 1,001 rows, the newest; more than 1,000 means "and more" to the reader.

`Searchable` is the migration's operation; `found` asks. Orders have a function of their own (`workorders/search.py`).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection, migrations, models
from django.db.models.expressions import RawSQL

from tenancy import access
from tenancy.pinyin import readings

MOST = 1000  # rows a search answers; one more is asked for, to know that there are more
MOST_WORDS, LONGEST = 8, 60
SEPARATOR = "chr(31)"  # between columns, so that no word spans two
FEW = 8  # hospitals up to which the index itself narrows to them

LETTERS = """
CREATE FUNCTION public.search_letters(named text, OUT usual text, OUT other text) LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    SELECT string_agg(chr(CASE WHEN p > 255 THEN get_byte('\\x{usual}'::bytea, p - 19968) ELSE p END), ''),
           string_agg(chr(CASE WHEN p > 255 THEN get_byte('\\x{other}'::bytea, p - 19968) ELSE p END), '')
    INTO usual, other
    FROM (SELECT ascii(c) AS p FROM unnest(string_to_array(lower(normalize(named, NFKC)), NULL)) c OFFSET 0) s
    WHERE p BETWEEN 48 AND 57 OR p BETWEEN 97 AND 122 OR p BETWEEN 19968 AND 40959;
END $$;
"""

TOKENS = """
CREATE FUNCTION public.search_tokens(plain text, named text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    c text[] := string_to_array(lower(normalize(plain, NFKC)), NULL);
    letters record := public.search_letters(named);
    a text[] := string_to_array(letters.usual, NULL);
    b text[];
    tokens text[] := c || ARRAY(SELECT x || y FROM unnest(c, c[2:]) u(x, y) WHERE y IS NOT NULL)
        || ARRAY(SELECT x || y || z FROM unnest(c, c[2:], c[3:]) u(x, y, z) WHERE x COLLATE "C" BETWEEN '!' AND 'z'
            AND y COLLATE "C" BETWEEN '!' AND 'z' AND z COLLATE "C" BETWEEN '!' AND 'z')
        || a || ARRAY(SELECT x || y FROM unnest(a, a[2:]) u(x, y) WHERE y IS NOT NULL)
        || ARRAY(SELECT x || y || z FROM unnest(a, a[2:], a[3:]) u(x, y, z) WHERE z IS NOT NULL);
BEGIN
    IF letters.usual <> letters.other THEN
        b := string_to_array(letters.other, NULL);
        tokens := tokens || b || ARRAY(
            SELECT v FROM unnest(a, a[2:], b, b[2:]) u(x, y, z, w), LATERAL (VALUES (x || w), (z || y), (z || w)) o(v)
            WHERE y IS NOT NULL AND (x <> z OR y <> w)) || ARRAY(
            SELECT DISTINCT p || q || r FROM unnest(a, a[2:], a[3:], b, b[2:], b[3:]) u(x, y, z, k, l, m),
                unnest(ARRAY[x, k]) p, unnest(ARRAY[y, l]) q, unnest(ARRAY[z, m]) r
            WHERE z IS NOT NULL AND (x <> k OR y <> l OR z <> m));
    END IF;
    RETURN tokens;
END $$;
"""

MATCHES = """
CREATE FUNCTION public.search_matches(plain text, named text, word text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    letters record;
BEGIN
    IF strpos(lower(normalize(plain, NFKC)), word) > 0 THEN
        RETURN true;
    END IF;
    IF word COLLATE "C" !~ '^[a-z0-9]+$' THEN
        RETURN false;
    END IF;
    letters := public.search_letters(named);
    RETURN (SELECT string_agg(x || y, '') FROM unnest(string_to_array(letters.usual, NULL), string_to_array(letters.other, NULL))
        u(x, y)) ~ ('^(?:..)*' || regexp_replace(word, '(.)', '(?:\\1.|.\\1)', 'g'));
END $$;
"""

# The tokens a word must have: itself, or its threes of letters, digits and signs and the pairs that stand in none of these.
NEEDED = """
CREATE FUNCTION public.search_needed(words text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT t), '{}') FROM unnest(words) w, LATERAL (
        SELECT w WHERE length(w) <= 2
        UNION ALL SELECT CASE WHEN three THEN substr(w, i, 3) ELSE substr(w, i, 2) END
        FROM (SELECT i, substr(w, i, 3) COLLATE "C" ~ '^[!-z]{3}$' AS three,
            i > 1 AND substr(w, i - 1, 3) COLLATE "C" ~ '^[!-z]{3}$' AS held FROM generate_series(1, length(w) - 1) i) s
        WHERE length(w) > 2 AND (three OR NOT held)) n(t)
$$;
"""

# The words of which the tokens do not say all: they are compared with the text.
LONG = """
CREATE FUNCTION public.search_long(words text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(w), '{}') FROM unnest(words) w WHERE length(w) > 2 AND w COLLATE "C" !~ '^[!-z]{3}$'
$$;
"""

# The hospitals asked for, as far as the scope goes. Without a scope it fails, like every fenced table.
SCOPE = """
CREATE FUNCTION public.search_scope(asked bigint[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(h), '{}') FROM unnest(current_setting('app.hospitals')::bigint[]) h
    WHERE asked IS NULL OR h = ANY (asked)
$$;
"""
FUNCTIONS = (LETTERS, TOKENS, MATCHES, NEEDED, LONG, SCOPE)

# Only the index is ever right here; the planner, which guesses badly at pairs of characters, is not asked: no other scan, and no
# other index ("hospital_id + 0").
PINNED = "SET search_path = pg_catalog, public SET work_mem = '64MB' SET enable_seqscan = off SET jit = off"

INDEX = "CREATE INDEX {table}_search ON {table} USING gin ({tokens});"

FIND = """
CREATE FUNCTION {table}_find(words text[], hospitals bigint[]) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER {pinned} AS $$
DECLARE
    inside bigint[] := public.search_scope(hospitals);
    needed text[] := public.search_needed(words);
    long text[] := public.search_long(words);
BEGIN
    IF cardinality(inside) = 1 THEN
        needed := needed || ('#' || inside[1]);
    END IF;
    RETURN QUERY
        SELECT t.id FROM {table} t
        WHERE {tokens} @> needed AND t.hospital_id + 0 = ANY (inside)
          AND NOT EXISTS (SELECT FROM unnest(long) w
              WHERE strpos(lower({plain}), w) = 0 AND NOT public.search_matches({plain}, {named}, w));
END $$;
"""

# What the application calls: the newest rows, one more than it shows.
SEARCH = """
CREATE FUNCTION {table}_search(words text[], hospitals bigint[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT id FROM {table}_find(words, hospitals) id WHERE cardinality(words) > 0 ORDER BY id DESC LIMIT {limit}
$$;
"""

# Places with the word and every place inside them. Only functions of the owner call it.
PLACES_AROUND = """
CREATE FUNCTION tenancy_place_around(word text, hospitals bigint[]) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    SELECT DISTINCT p.id FROM tenancy_place_find(ARRAY[word], hospitals) f
    JOIN tenancy_place top ON top.id = f
    JOIN tenancy_place p ON p.path >= top.path AND p.path < left(top.path, -1) || '/'
$$;
REVOKE ALL ON FUNCTION tenancy_place_around(text, bigint[]) FROM PUBLIC;
"""


def joined(columns: Iterable[str], row: str = "") -> str:
    """Columns of a row as one text. All of them are NOT NULL; `||` is immutable, concat_ws is not."""
    return f" || {SEPARATOR} || ".join(f"{row}{column}" for column in columns)


def lock_down(signature: str, callable_by_app: bool = True) -> str:
    grant = f'GRANT EXECUTE ON FUNCTION {signature} TO "{settings.APP_ROLE}";' if callable_by_app else ""
    return f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC;{grant}"


def functions_sql() -> str:
    usual, other = (letters.encode("ascii").hex() for letters in readings())
    letters = LETTERS.replace("{usual}", usual).replace("{other}", other)
    return letters + "".join(FUNCTIONS[1:])


class SearchFunctions(migrations.RunSQL):
    """What all searchable tables share: tokens, initials, the scope."""

    def __init__(self) -> None:
        super().__init__(functions_sql(), migrations.RunSQL.noop)


class Searchable(migrations.RunSQL):
    """A hospital's table that is searched by these columns; of `named` the initials count as well."""

    def __init__(self, table: str, plain: tuple[str, ...], named: tuple[str, ...]) -> None:
        facts = {"table": table, "pinned": PINNED, "limit": MOST + 1}
        facts |= {"plain": joined(plain, "t."), "named": joined(named, "t.")}
        index = INDEX.format(table=table, tokens=tokens(plain, named))
        find = FIND.format(tokens=tokens(plain, named, "t."), **facts)
        lock = lock_down(f"{table}_find(text[], bigint[])", False) + lock_down(f"{table}_search(text[], bigint[])")
        super().__init__(index + find + SEARCH.format(**facts) + lock, migrations.RunSQL.noop)


def tokens(plain: Iterable[str], named: Iterable[str], row: str = "", *more: str) -> str:
    """The indexed expression: the words' tokens and what else narrows a search, such as the hospital."""
    also = ", ".join((f"'#' || {row}hospital_id::text", *more))
    return f"(public.search_tokens({joined(plain, row)}, {joined(named, row)}) || ARRAY[{also}])"


def words_of(text: str) -> list[str]:
    """What was typed as the words that are looked up, folded as the text is."""
    folded = unicodedata.normalize("NFKC", text).lower()
    folded = "".join(sign if sign.isprintable() else " " for sign in folded)
    return [word[:LONGEST] for word in folded.split()[:MOST_WORDS]]


def narrowing(user: Any, permission: str) -> str | None:
    """What the person's grants are narrowed to, for a search that answers only the newest of what they may see.

    JSON; None where every grant reaches whole hospitals.
    """
    held = [reach for reach in access.reaches(user) if permission in reach.permissions]
    found = []
    for reach in held:
        facts = {"path": reach.path, "department": reach.department, "contractor": reach.contractor, "unit": reach.unit}
        facts |= {"team": reach.team, "own": reach.person if reach.own else None}
        found.append({name: value for name, value in facts.items() if value} | {"hospitals": sorted(reach.hospitals)})
    return json.dumps(found) if any(len(facts) > 1 for facts in found) else None


def found(model: type[models.Model], words: list[str], hospitals: list[int] | None = None) -> list[int]:
    """Ids of the newest rows with all these words, as far as the scope goes; more than `MOST` means there are more."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {model._meta.db_table}_search(%s::text[], %s::bigint[])", (words, hospitals))
        return [pk for (pk,) in cursor.fetchall()]


def matching(
    model: type[models.Model], words: list[str], hospitals: list[int] | None = None, narrowed: str | None = None
) -> RawSQL:
    """The same rows for a statement that asks for more: `filter(matching(…))`. As an array the ids are looked up first, each
    by its key; as a set to join with they would come last, after every row of the table."""
    table, more = model._meta.db_table, ""
    facts: tuple[Any, ...] = (words, hospitals)
    if narrowed is not None:
        more, facts = ", narrowed => %s::jsonb", (*facts, narrowed)
    ids = f"ARRAY(SELECT {table}_search(%s::text[], %s::bigint[]{more}))"
    return RawSQL(f'"{table}"."{model._meta.pk.column}" = ANY ({ids})', facts, models.BooleanField())
