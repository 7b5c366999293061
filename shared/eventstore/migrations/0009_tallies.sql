-- How many rows a view has by the values of the facets that it tallies: the number after each position at which it
-- changed. A count costs what it returns, now and as of any position, however many rows there are.
ALTER TABLE views ADD COLUMN tallied text[] NOT NULL DEFAULT '{}';

-- `facets` are the values as a JSON array, in the order of `views.tallied`; null where a row has none.
CREATE TABLE view_tallies (
    generation integer NOT NULL,
    facets     text COLLATE "C" NOT NULL,
    position   bigint NOT NULL,
    rows       bigint NOT NULL,
    PRIMARY KEY (generation, facets, position)
);

-- A service asks for fresh statistics when its views have grown; only who owns a table may take them.
CREATE FUNCTION look_at_views() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    ANALYZE view_rows (generation, key, valid_from, valid_to, facets);
    ANALYZE view_tallies;
END
$$;
REVOKE EXECUTE ON FUNCTION look_at_views() FROM PUBLIC;
