-- Read models. A generation is one view under one version of its rules; a raised version begins a new
-- generation from position 0, so that rows of two versions never mix.
CREATE TABLE views (
    name       text COLLATE "C" NOT NULL,
    version    integer NOT NULL,
    facets     text[] NOT NULL,
    generation integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    position   bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (name, version)
) WITH (fillfactor = 20);

-- Every state of every row, with the positions from which and before which it held. `doc` is json, not
-- jsonb, because it comes back exactly as it was written.
CREATE TABLE view_rows (
    generation integer NOT NULL,
    valid_from bigint NOT NULL,
    valid_to   bigint,
    key        text COLLATE "C" NOT NULL,
    facets     jsonb NOT NULL,
    doc        json NOT NULL,
    PRIMARY KEY (generation, key, valid_from)
);

CREATE UNIQUE INDEX view_rows_current ON view_rows (generation, key) WHERE valid_to IS NULL;
CREATE INDEX view_rows_facets ON view_rows USING gin (facets jsonb_path_ops) WHERE valid_to IS NULL;
