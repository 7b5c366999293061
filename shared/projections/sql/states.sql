-- The states of a generation as of a position, in order, each with the digest of everything in it. An end
-- after the position does not count yet.
SELECT key, valid_from, sha256(convert_to(json_build_array(
    key, valid_from, CASE WHEN valid_to <= $2 THEN valid_to END, facets::text, doc::text, extract(epoch FROM due_at)
)::text, 'UTF8')) AS digest
FROM view_rows
WHERE generation = $1 AND valid_from <= $2 AND (key, valid_from) > ($3, $4::bigint)
ORDER BY key, valid_from
LIMIT $5
