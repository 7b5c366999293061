-- One row says how far the log is. Whoever commits moves it from the turn that he saw: the fence. The mark
-- is drawn anew by every commit, so that after a failover which lost the newest ones nobody takes another
-- history of the same length for his own.
CREATE TABLE head (
    single      boolean PRIMARY KEY DEFAULT true CHECK (single),
    log_id      uuid NOT NULL,
    turn        bigint NOT NULL DEFAULT 0,
    mark        uuid NOT NULL DEFAULT gen_random_uuid(),
    position    bigint NOT NULL DEFAULT 0,
    recorded_at timestamptz NOT NULL DEFAULT '0001-01-01T00:00:00Z'
) WITH (fillfactor = 20);

-- A log begins empty, or where an older backup was restored: then it names the log that it continues
-- and the last checkpoint that both have in common.
CREATE TABLE logs (
    log_id      uuid PRIMARY KEY,
    first       bigint NOT NULL,
    predecessor uuid REFERENCES logs,
    common      text
);

CREATE TABLE events (
    position     bigint PRIMARY KEY,
    version      bigint NOT NULL,
    recorded_at  timestamptz NOT NULL,
    effective_at timestamptz NOT NULL,
    schema       integer NOT NULL,
    stream       text COLLATE "C" NOT NULL,
    type         text COLLATE "C" NOT NULL,
    data         bytea NOT NULL,
    meta         bytea NOT NULL,
    sealed       bytea NOT NULL,
    previous     bytea NOT NULL,
    leaf         bytea NOT NULL,
    UNIQUE (stream, version)
);

CREATE TABLE log_tiles (
    level  smallint NOT NULL,
    index  bigint NOT NULL,
    hashes bytea NOT NULL,
    root   bytea NOT NULL,
    PRIMARY KEY (level, index)
);

CREATE TABLE checkpoints (
    size bigint PRIMARY KEY,
    note text NOT NULL
);

-- Answers to commands that may be repeated: the same id gets the same answer.
CREATE TABLE answers (
    command     uuid PRIMARY KEY,
    fingerprint bytea NOT NULL,
    position    bigint NOT NULL,
    answer      bytea NOT NULL
);

CREATE INDEX answers_by_position ON answers (position);

-- A shortcut for loading long streams; never evidence.
CREATE TABLE snapshots (
    stream  text COLLATE "C" PRIMARY KEY,
    version bigint NOT NULL,
    format  integer NOT NULL,
    leaf    bytea NOT NULL,
    state   bytea NOT NULL
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_tiles EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON answers EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON logs EXECUTE FUNCTION refuse_change();
