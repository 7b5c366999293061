-- The newest usable snapshot of each stream, then the events after it, up to a position of the log. A
-- snapshot is usable when its format is today's and it names the leaf of the event that it stands on.
WITH wanted AS (
    SELECT w.stream, b.version, b.recorded_at, b.effective_at, b.leaf, s.state
    FROM unnest($1::text[], $2::integer[]) AS w (stream, format)
    LEFT JOIN (snapshots s
               JOIN events b ON b.stream = s.stream AND b.version = s.version AND b.leaf = s.leaf)
           ON s.stream = w.stream AND s.format = w.format AND b.position <= $3
)
SELECT stream, version, NULL::text AS type, 0 AS schema, recorded_at, state AS data, leaf, ''::bytea AS sealed,
       effective_at
FROM wanted WHERE version IS NOT NULL
UNION ALL
SELECT e.stream, e.version, e.type, e.schema, e.recorded_at, e.data, e.leaf, e.sealed, e.effective_at
FROM wanted w JOIN events e ON e.stream = w.stream AND e.version > coalesce(w.version, 0) AND e.position <= $3
ORDER BY stream, version
