"""The verifiable event store on PostgreSQL."""
