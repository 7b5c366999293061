"""What the registry answers, described: what the rows of its views and its commands tell."""
