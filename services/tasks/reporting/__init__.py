"""Reports as they are made: facts of both services as of positions, figures with links, and how they look."""
