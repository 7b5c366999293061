-- Numbers of rows that two generations have otherwise as of a position; of the first also those after the position
-- at which it stands, which no fold can have made.
SELECT facets, position, l.rows AS live, c.rows AS copy
FROM (
    SELECT facets, position, rows FROM view_tallies
    WHERE generation = $1
        AND (position <= $3 OR position > (SELECT v.position FROM views v WHERE v.generation = $1))
) l FULL JOIN (
    SELECT facets, position, rows FROM view_tallies WHERE generation = $2 AND position <= $3
) c USING (facets, position)
WHERE l.rows IS DISTINCT FROM c.rows
ORDER BY facets, position
