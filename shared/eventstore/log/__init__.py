"""The verifiable log: leaves, the tree over them, and signed statements of its size and root."""
