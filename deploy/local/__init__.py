"""Local mode: PostgreSQL and NATS as supervised child processes on one data folder."""
