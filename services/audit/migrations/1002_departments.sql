-- An event concerns more departments than one: the lead, those that take part, and the one that acted. The column
-- holds them all, in this order and each once; of what was filed before, the one among the query keys and the one
-- that acted, since the meta of then tells no others.
DROP INDEX filed_by_department;
DROP INDEX filed_by_department_and_type;
ALTER TABLE filed RENAME COLUMN department TO departments;
ALTER TABLE filed ALTER COLUMN departments TYPE text[] COLLATE "C" USING array_remove(
    ARRAY[
        departments,
        -- No text of PostgreSQL can hold a NUL; no service of ours tells one, and the rest is read without.
        CASE WHEN position('\u0000' IN convert_from(meta, 'UTF8')) = 0 THEN substring(
            nullif(convert_from(meta, 'UTF8')::json -> 'actor' ->> 'department', departments)
            FROM '^[A-Za-z0-9_-]{1,64}$'
        ) END
    ],
    NULL
);
ALTER TABLE filed ALTER COLUMN departments SET NOT NULL, ALTER COLUMN departments SET DEFAULT '{}';

-- One row for each department of each event: an array has no index in the order of the trail.
CREATE TABLE filed_departments (
    position    bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    log         integer NOT NULL,
    source      text COLLATE "C" NOT NULL,
    type        text COLLATE "C" NOT NULL,
    department  text COLLATE "C" NOT NULL
);
INSERT INTO filed_departments (position, recorded_at, log, source, type, department)
SELECT position, recorded_at, log, source, type, department FROM filed, unnest(departments) AS department;
CREATE UNIQUE INDEX filed_by_department ON filed_departments (department, recorded_at, source, position, log);
CREATE INDEX filed_by_department_and_type
    ON filed_departments (department, type, recorded_at, source, position, log);

CREATE FUNCTION file_departments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO filed_departments (position, recorded_at, log, source, type, department)
    SELECT position, recorded_at, log, source, type, department FROM now_filed, unnest(departments) AS department;
    RETURN NULL;
END
$$;
CREATE TRIGGER departments AFTER INSERT ON filed REFERENCING NEW TABLE AS now_filed
    FOR EACH STATEMENT EXECUTE FUNCTION file_departments();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON filed_departments
    EXECUTE FUNCTION refuse_change();
