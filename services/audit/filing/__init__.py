"""Filing: every event that arrives becomes a row of the trail, once."""
