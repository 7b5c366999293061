-- The numbers of rows of the generation `v`, by the values that are tallied: for each of these the newest, or the newest
-- up to a position. From one to the next it is a step in the index, whatever lies between.
WITH RECURSIVE known AS (
    (SELECT facets FROM view_tallies WHERE generation = v.generation ORDER BY facets LIMIT 1)
    UNION ALL
    SELECT (
        SELECT t.facets FROM view_tallies t
        WHERE t.generation = v.generation AND t.facets > k.facets ORDER BY t.facets LIMIT 1
    ) FROM known k WHERE k.facets IS NOT NULL
)
SELECT k.facets::jsonb AS facets, newest.rows
FROM known k CROSS JOIN LATERAL (
    SELECT rows FROM view_tallies
    WHERE generation = v.generation AND facets = k.facets {upto} ORDER BY position DESC LIMIT 1
) newest
