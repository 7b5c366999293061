-- What is folded goes into the index of facets a little at a time: a filtered list reads all that is not in it yet.
ALTER INDEX view_rows_facets SET (gin_pending_list_limit = 128);
ALTER INDEX view_rows_past_facets SET (gin_pending_list_limit = 128);
