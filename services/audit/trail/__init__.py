"""The trail: what is filed, asked for in order, upward to causes and downward to effects."""
