-- Lists as of an earlier position, filtered by facets: past states are found as present ones are. Without it
-- a question about one plan reads every state of its view.
CREATE INDEX view_rows_past_facets ON view_rows USING gin (facets jsonb_path_ops) WHERE valid_to IS NOT NULL;
