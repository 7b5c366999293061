-- File a batch and move the inbox, or do nothing where the inbox stands elsewhere. Parameters: source, log id,
-- the position that the inbox must stand at, the position that it is moved to; then the columns of the events,
-- the departments of each in one text.
WITH moved AS (
    UPDATE inboxes SET position = $4 WHERE name = $1 AND log_id = $2 AND position = $3 RETURNING name
), begun AS (
    INSERT INTO filed_logs (source, log_id, after)
    SELECT $1, $2, $3 FROM moved
    WHERE NOT EXISTS (SELECT FROM filed_logs WHERE source = $1 AND log_id = $2)
    RETURNING number
), log AS (
    SELECT number FROM begun
    UNION ALL
    SELECT number FROM filed_logs, moved WHERE source = $1 AND log_id = $2
), known AS (
    INSERT INTO filed_types (type)
    SELECT DISTINCT given.type FROM moved, unnest($14::text[]) AS given (type)
    ON CONFLICT DO NOTHING
)
INSERT INTO filed (
    log, source, position, version, recorded_at, effective_at, schema, event_id, leaf_log, stream, type, kind,
    command, correlation, causation, actor, role,
    decree, article, measure, mission, staff, task, plan, departments,
    data, meta, sealed_digest, previous, leaf
)
SELECT
    log.number, $1, position, version, recorded_at, effective_at, schema, event_id, leaf_log, stream, type, kind,
    command, correlation, causation, actor, role,
    decree, article, measure, mission, staff, task, plan, string_to_array(departments, ' '),
    data, meta, sealed_digest, previous, leaf
FROM log, unnest(
    $5::bigint[], $6::bigint[], $7::timestamptz[], $8::timestamptz[], $9::integer[], $10::uuid[], $11::uuid[],
    $12::text[], $14::text[], $13::text[],
    $15::uuid[], $16::uuid[], $17::uuid[], $18::text[], $19::text[],
    $20::text[], $21::text[], $22::text[], $23::text[], $24::text[], $25::text[], $26::text[], $27::text[],
    $28::bytea[], $29::bytea[], $30::bytea[], $31::bytea[], $32::bytea[]
) AS given (
    position, version, recorded_at, effective_at, schema, event_id, leaf_log, stream, type, kind,
    command, correlation, causation, actor, role,
    decree, article, measure, mission, staff, task, plan, departments,
    data, meta, sealed_digest, previous, leaf
)
