-- Several generations of one version of a view stand beside each other while it is rebuilt. `filling` is
-- folded from the beginning with nothing to read in its place, `live` is read and followed by all replicas,
-- `copy` is folded beside the live one to take its place, and what is `retired` waits to be removed.
ALTER TABLE views
    DROP CONSTRAINT views_pkey,
    DROP CONSTRAINT views_generation_key,
    ADD PRIMARY KEY (generation),
    ADD COLUMN state text NOT NULL DEFAULT 'live' CHECK (state IN ('filling', 'live', 'copy', 'retired'));

CREATE UNIQUE INDEX views_serving ON views (name, version) WHERE state IN ('filling', 'live');
CREATE UNIQUE INDEX views_copy ON views (name, version) WHERE state = 'copy';

-- Rebuilds that were asked for, and what became of them. `comparison` is what was found as of one position;
-- moments are by PostgreSQL's clock.
CREATE TABLE view_rebuilds (
    id         uuid PRIMARY KEY,
    number     bigint GENERATED ALWAYS AS IDENTITY,
    name       text COLLATE "C" NOT NULL,
    version    integer NOT NULL,
    check_only boolean NOT NULL,
    asked_by   text NOT NULL,
    asked_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    copy       integer,
    stage      text NOT NULL DEFAULT 'waiting' CHECK (stage IN ('waiting', 'folding', 'comparing', 'switching', 'ended')),
    compared   bigint NOT NULL DEFAULT 0,
    comparison json,
    outcome    text CHECK (outcome IN ('switched', 'checked', 'failed')),
    failure    text,
    ended_at   timestamptz,
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
);

CREATE UNIQUE INDEX view_rebuilds_under_way ON view_rebuilds (name, version) WHERE ended_at IS NULL;
CREATE INDEX view_rebuilds_newest ON view_rebuilds (name, version, number);
