"""The services, each with the same rooms."""
