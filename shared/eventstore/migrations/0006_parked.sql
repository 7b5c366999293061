-- Events of other services that an inbox could not take in: those whose reaction failed, and behind each the
-- later ones of its stream. A row comes in the commit that moves the inbox over its event, and leaves in that of
-- the event's effects. Which events are parked says the log (the aggregate `inbox` of the source); what they
-- are, and when they are tried again, stands here alone.
-- `attempts` is 0 of whatever is tried as soon as it is the first of its stream. Where there were some and
-- `next_attempt` is null, it waits for a person.
CREATE TABLE inbox_parked (
    source        text COLLATE "C" NOT NULL,
    position      bigint NOT NULL,
    log_id        uuid NOT NULL,
    leaf_log      uuid,
    stream        text COLLATE "C" NOT NULL,
    type          text COLLATE "C" NOT NULL,
    data          bytea NOT NULL,
    meta          bytea NOT NULL,
    sealed_digest bytea NOT NULL,
    previous      bytea NOT NULL,
    parked_at     timestamptz NOT NULL,
    attempts      integer NOT NULL,
    next_attempt  timestamptz,
    failure       text,
    PRIMARY KEY (source, position)
);

CREATE INDEX inbox_parked_by_stream ON inbox_parked (source, stream, position);
