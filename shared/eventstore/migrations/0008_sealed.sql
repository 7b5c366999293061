-- Few events hold personal data or erase a person, and both are looked for among all others: at every start,
-- so that erasures are carried out, and whenever somebody reads what may have been erased.
CREATE INDEX events_sealed ON events (position) WHERE sealed <> ''::bytea;
CREATE INDEX events_erased ON events (position) WHERE type LIKE '%.erased';
