-- An event and what caused it, the nearest first. Parameters: the event's id, how far to go.
WITH RECURSIVE up AS (
    (SELECT filed.*, 0 AS distance FROM filed WHERE event_id = $1 ORDER BY log DESC LIMIT 1)
    UNION ALL
    SELECT cause.*, up.distance + 1
    FROM up CROSS JOIN LATERAL (
        SELECT filed.* FROM filed WHERE event_id = up.causation ORDER BY log DESC LIMIT 1
    ) AS cause
    WHERE up.distance < $2
)
SELECT {columns} FROM up ORDER BY distance
