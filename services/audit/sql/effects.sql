-- The reactions to events, in the order of the trail. Parameters: the events' ids, how many at most.
SELECT each.*
FROM unnest($1::uuid[]) AS cause (id) CROSS JOIN LATERAL (
    SELECT {columns} FROM filed WHERE causation = cause.id
    ORDER BY recorded_at, source, position, log LIMIT $2
) AS each
ORDER BY recorded_at, source, position, log LIMIT $2
