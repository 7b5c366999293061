-- The position of the last event that was recorded by a moment; 0 where there is none. Positions have no gaps and
-- recorded_at never falls along the log, so that halving the range finds it without an index of its own.
WITH RECURSIVE search (low, high) AS (
    SELECT 0::bigint, coalesce(max(position), 0) FROM events
    UNION ALL
    SELECT CASE WHEN counts THEN middle ELSE low END, CASE WHEN counts THEN high ELSE middle - 1 END
    FROM (
        SELECT low, high, (low + high + 1) / 2 AS middle,
               (SELECT recorded_at <= $1 FROM events WHERE position = (low + high + 1) / 2) AS counts
        FROM search WHERE low < high
    ) AS half
)
SELECT low FROM search WHERE low = high
