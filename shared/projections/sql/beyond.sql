-- States of a generation that no fold can have made, and where it stands, all as of one moment: rows and position
-- move together, so nothing begins or ends after the position. It stands nowhere beyond the log either.
WITH stands AS (
    SELECT least(v.position, h.position) AS position FROM views v, head h WHERE v.generation = $1
)
SELECT s.position, r.key, r.valid_from, r.valid_to
FROM stands s LEFT JOIN LATERAL (
    SELECT key, valid_from, valid_to FROM view_rows
    WHERE generation = $1 AND (valid_from > s.position OR valid_to > s.position)
    ORDER BY key, valid_from LIMIT $2
) r ON true
