-- A rebuild that somebody cancelled did not fail.
ALTER TABLE view_rebuilds DROP CONSTRAINT view_rebuilds_outcome_check;
ALTER TABLE view_rebuilds ADD CONSTRAINT view_rebuilds_outcome_check
    CHECK (outcome IN ('switched', 'checked', 'failed', 'cancelled'));
