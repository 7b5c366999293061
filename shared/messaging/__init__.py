"""Events between services, exactly once and in order: the relay out of a store, the inbox into one."""
