-- The whole of a group commit in one statement: nothing of it happens unless the head is still where
-- the writer saw it. Names and numbers come as lists separated by commas, fixed-width hashes as one
-- string of bytes: an array costs the client a check of every element.
WITH fence AS (
    UPDATE head
    SET turn = turn + 1, mark = $26, position = $2 + cardinality($9::bytea[]), recorded_at = $3
    WHERE turn = $1 AND mark = $25
    RETURNING turn
), appended AS (
    INSERT INTO events (position, stream, version, type, schema, recorded_at, effective_at,
                        data, meta, sealed, previous, leaf)
    SELECT $2 + e.n, e.stream, e.version, e.type, e.schema, $3,
           CASE WHEN e.effective IS NULL THEN $3
                ELSE timestamptz 'epoch' + e.effective * interval '1 microsecond' END,
           e.data, e.meta, coalesce(e.sealed, ''), substr($12::bytea, (e.n::integer - 1) * 32 + 1, 32),
           substr($13::bytea, (e.n::integer - 1) * 32 + 1, 32)
    FROM fence,
         unnest(string_to_array($4, ','), string_to_array($5, ',')::bigint[], string_to_array($6, ','),
                string_to_array($7, ',')::integer[], string_to_array($8, ',', '')::bigint[], $9::bytea[],
                $10::bytea[], $11::bytea[]) WITH ORDINALITY
         AS e (stream, version, type, schema, effective, data, meta, sealed, n)
), tiled AS (
    INSERT INTO log_tiles (level, index, hashes, root)
    SELECT t.level, t.index, t.hashes, t.root
    FROM fence, unnest($14::smallint[], $15::bigint[], $16::bytea[], $17::bytea[])
         AS t (level, index, hashes, root)
), noted AS (
    INSERT INTO checkpoints (size, note)
    SELECT $2 + cardinality($9::bytea[]), $18::text FROM fence WHERE $18::text IS NOT NULL
), answered AS (
    INSERT INTO answers (command, fingerprint, position, answer)
    SELECT a.command, a.fingerprint, a.position, a.answer
    FROM fence, unnest($19::uuid[], $20::bytea[], $21::bigint[], $22::bytea[])
         AS a (command, fingerprint, position, answer)
), moved AS (
    UPDATE inboxes SET position = m.position
    FROM fence, unnest($23::text[], $24::bigint[]) AS m (name, position)
    WHERE inboxes.name = m.name
)
SELECT turn FROM fence
