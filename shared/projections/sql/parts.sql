-- What differs between the same state in two generations, as of a position.
SELECT array_remove(ARRAY[
    CASE WHEN (CASE WHEN l.valid_to <= $3 THEN l.valid_to END)
        IS DISTINCT FROM (CASE WHEN c.valid_to <= $3 THEN c.valid_to END) THEN 'end' END,
    CASE WHEN l.facets::text <> c.facets::text THEN 'facets' END,
    CASE WHEN l.doc::text <> c.doc::text THEN 'row' END,
    CASE WHEN l.due_at IS DISTINCT FROM c.due_at THEN 'due' END
], NULL)
FROM view_rows l JOIN view_rows c USING (key, valid_from)
WHERE l.generation = $1 AND c.generation = $2 AND key = $4 AND valid_from = $5
