, parked AS (
    INSERT INTO inbox_parked (source, position, log_id, leaf_log, stream, type, data, meta, sealed_digest,
                              previous, parked_at, attempts, next_attempt, failure)
    SELECT p.source, p.position, p.log_id, p.leaf_log, p.stream, p.type, p.data, p.meta, p.sealed_digest,
           p.previous, $3, p.attempts, p.next_attempt, p.failure
    FROM fence, unnest($27::text[], $28::bigint[], $29::uuid[], $30::uuid[], $31::text[], $32::text[],
                       $33::bytea[], $34::bytea[], $35::bytea[], $36::bytea[], $37::integer[],
                       $38::timestamptz[], $39::text[])
         AS p (source, position, log_id, leaf_log, stream, type, data, meta, sealed_digest, previous, attempts,
               next_attempt, failure)
), tried AS (
    UPDATE inbox_parked
    SET attempts = t.attempts, next_attempt = t.next_attempt, failure = coalesce(t.failure, inbox_parked.failure)
    FROM fence, unnest($40::text[], $41::bigint[], $42::integer[], $43::timestamptz[], $44::text[])
         AS t (source, position, attempts, next_attempt, failure)
    WHERE inbox_parked.source = t.source AND inbox_parked.position = t.position
), released AS (
    DELETE FROM inbox_parked
    USING fence, unnest($45::text[], $46::bigint[]) AS r (source, position)
    WHERE inbox_parked.source = r.source AND inbox_parked.position = r.position
)
