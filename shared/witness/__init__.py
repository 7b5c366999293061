"""The witness: verifies, from outside, that another service's log only grows, and cosigns its checkpoints."""
