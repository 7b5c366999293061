-- A whole batch in one statement: nothing of it happens unless every generation still stands where the
-- folding began, and none was retired. Rows are locked in one order, so that two runners cannot block each other.
WITH fence AS (
    SELECT generation FROM views WHERE generation = ANY($1::integer[]) AND position = $2 AND state <> 'retired'
    ORDER BY generation FOR UPDATE
), held AS (
    SELECT count(*) AS generations FROM fence HAVING count(*) = cardinality($1::integer[])
), moved AS (
    UPDATE views SET position = $3 FROM held WHERE generation = ANY($1::integer[])
), ended AS (
    UPDATE view_rows r SET valid_to = e.valid_to
    FROM held, unnest($4::integer[], $5::text[], $6::bigint[]) AS e (generation, key, valid_to)
    WHERE r.generation = e.generation AND r.key = e.key AND r.valid_to IS NULL
    RETURNING 1
), stored AS (
    -- counting what has ended first keeps a row's old and new state from being current together
    INSERT INTO view_rows (generation, key, valid_from, valid_to, facets, doc, due_at)
    SELECT s.generation, s.key, s.valid_from, s.valid_to, s.facets::jsonb, s.doc::json, s.due_at
    FROM held, (SELECT count(*) FROM ended) AS done,
         unnest($7::integer[], $8::text[], $9::bigint[], $10::bigint[], $11::text[], $12::text[], $13::timestamptz[])
         AS s (generation, key, valid_from, valid_to, facets, doc, due_at)
), counted AS (
    INSERT INTO view_tallies (generation, facets, position, rows)
    SELECT t.generation, t.facets, t.position, coalesce(before.rows, 0)
        + sum(t.change) OVER (PARTITION BY t.generation, t.facets ORDER BY t.position)
    FROM held, unnest($14::integer[], $15::text[], $16::bigint[], $17::integer[])
         AS t (generation, facets, position, change)
    LEFT JOIN LATERAL (
        SELECT b.rows FROM view_tallies b WHERE b.generation = t.generation AND b.facets = t.facets
        ORDER BY b.position DESC LIMIT 1
    ) before ON true
)
SELECT generations FROM held
