-- The logs whose events were filed: one of a source from its beginning, and one more for every restore of it
-- from a backup. `after` is the position from which on its events were filed: what an older log of the same
-- source has beyond it is superseded, and stays as evidence.
CREATE TABLE filed_logs (
    number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text COLLATE "C" NOT NULL,
    log_id uuid NOT NULL,
    after  bigint NOT NULL,
    UNIQUE (source, log_id)
);

-- The trail: every event of every service, as it was received, with what it can be asked for by. The leaf is
-- computed from the rest; `leaf_log` is the log that it is hashed with, where that is an older one.
CREATE TABLE filed (
    position      bigint NOT NULL,
    version       bigint NOT NULL,
    recorded_at   timestamptz NOT NULL,
    effective_at  timestamptz NOT NULL,
    log           integer NOT NULL REFERENCES filed_logs,
    schema        integer NOT NULL,
    event_id      uuid NOT NULL,
    leaf_log      uuid,
    command       uuid,
    correlation   uuid,
    causation     uuid,
    source        text COLLATE "C" NOT NULL,
    stream        text COLLATE "C" NOT NULL,
    kind          text COLLATE "C" NOT NULL,
    type          text COLLATE "C" NOT NULL,
    actor         text COLLATE "C",
    role          text COLLATE "C",
    decree        text COLLATE "C",
    article       text COLLATE "C",
    measure       text COLLATE "C",
    mission       text COLLATE "C",
    staff         text COLLATE "C",
    task          text COLLATE "C",
    plan          text COLLATE "C",
    department    text COLLATE "C",
    data          bytea NOT NULL,
    meta          bytea NOT NULL,
    sealed_digest bytea NOT NULL,
    previous      bytea NOT NULL,
    leaf          bytea NOT NULL,
    PRIMARY KEY (source, position, log)
);

-- Every type that was filed: a question for all types of a service or a kind is one for each of them.
CREATE TABLE filed_types (
    type text COLLATE "C" PRIMARY KEY
);

-- Every page is read from an index that has the order of the trail behind what is asked for. The first two
-- have a condition that is always true, so that only a statement which says it reads them: where a filter fits
-- nearly everything, the planner would else take the order as it comes and look through all of it for a value
-- that is not there.
CREATE INDEX filed_in_order ON filed (recorded_at, source, position, log) WHERE log > 0;
CREATE INDEX filed_by_type ON filed (type, recorded_at, source, position, log) WHERE log > 0;
CREATE INDEX filed_by_event ON filed (event_id, log);
CREATE INDEX filed_by_stream ON filed (stream, recorded_at, source, position, log);
CREATE INDEX filed_by_actor ON filed (actor, recorded_at, source, position, log);
CREATE INDEX filed_by_correlation ON filed (correlation, recorded_at, source, position, log);
CREATE INDEX filed_by_causation ON filed (causation, recorded_at, source, position, log)
    WHERE causation IS NOT NULL;
CREATE INDEX filed_by_decree ON filed (decree, recorded_at, source, position, log) WHERE decree IS NOT NULL;
CREATE INDEX filed_by_article ON filed (article, recorded_at, source, position, log) WHERE article IS NOT NULL;
CREATE INDEX filed_by_measure ON filed (measure, recorded_at, source, position, log) WHERE measure IS NOT NULL;
CREATE INDEX filed_by_mission ON filed (mission, recorded_at, source, position, log) WHERE mission IS NOT NULL;
CREATE INDEX filed_by_staff ON filed (staff, recorded_at, source, position, log) WHERE staff IS NOT NULL;
CREATE INDEX filed_by_task ON filed (task, recorded_at, source, position, log) WHERE task IS NOT NULL;
CREATE INDEX filed_by_plan ON filed (plan, recorded_at, source, position, log) WHERE plan IS NOT NULL;
CREATE INDEX filed_by_department ON filed (department, recorded_at, source, position, log)
    WHERE department IS NOT NULL;

-- What many events have in common, with the type: a decree, a mission and a department have so many that
-- those of a rare type would be found late among them.
CREATE INDEX filed_by_decree_and_type ON filed (decree, type, recorded_at, source, position, log)
    WHERE decree IS NOT NULL;
CREATE INDEX filed_by_mission_and_type ON filed (mission, type, recorded_at, source, position, log)
    WHERE mission IS NOT NULL;
CREATE INDEX filed_by_department_and_type ON filed (department, type, recorded_at, source, position, log)
    WHERE department IS NOT NULL;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON filed_logs EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON filed EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON filed_types EXECUTE FUNCTION refuse_change();
