-- The moment at which something is due about a row: a deadline, the next attempt of a delivery. Whoever
-- waits for it asks for the earliest rows, however many there are.
ALTER TABLE view_rows ADD COLUMN due_at timestamptz;

CREATE INDEX view_rows_due ON view_rows (generation, due_at, key) WHERE valid_to IS NULL AND due_at IS NOT NULL;
