-- The logs of all sources. A source that was restored and has recorded nothing since has a log that nothing is
-- filed of yet: its inbox knows it already.
SELECT number, source, log_id, after FROM filed_logs
UNION ALL
SELECT 2147483647, name, log_id, position FROM inboxes
WHERE NOT EXISTS (SELECT FROM filed_logs WHERE source = name AND filed_logs.log_id = inboxes.log_id)
