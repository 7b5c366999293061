-- The first hashes of tiles, side by side. Parameters: levels and indexes of the tiles, how many hashes of each.
-- A tile that is not full yet is not stored: what it will hold are the leaves, or the roots of tiles below it.
SELECT wanted.level, wanted.index, coalesce(full_tile.hashes, below.hashes, '') AS hashes
FROM unnest($1::smallint[], $2::bigint[], $3::bigint[]) AS wanted (level, index, count)
LEFT JOIN log_tiles AS full_tile USING (level, index)
CROSS JOIN LATERAL (
    SELECT string_agg(hash, ''::bytea ORDER BY number) AS hashes
    FROM (
        SELECT position AS number, leaf AS hash FROM events
        WHERE full_tile.hashes IS NULL AND wanted.level = 0
          AND position > wanted.index * 256 AND position <= wanted.index * 256 + wanted.count
        UNION ALL
        SELECT tile.index, tile.root FROM log_tiles AS tile
        WHERE full_tile.hashes IS NULL AND tile.level = wanted.level - 1
          AND tile.index >= wanted.index * 256 AND tile.index < wanted.index * 256 + wanted.count
    ) AS hash
) AS below
