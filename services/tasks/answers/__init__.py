"""What `tasks` answers, described: what the rows of its views, its commands and its questions tell."""
