-- How far this service has taken in the events of another: moved in the transaction of their effects.
-- `log_id` is the log that the position counts in; a message of another log is refused.
CREATE TABLE inboxes (
    name     text COLLATE "C" PRIMARY KEY,
    position bigint NOT NULL CHECK (position >= 0),
    log_id   uuid NOT NULL
) WITH (fillfactor = 20);
