"""`make soak`: a steady load for half an hour, while replicas are killed and engines restarted."""
