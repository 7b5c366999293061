"""Simulation: a scenario on real, throwaway engines, under a clock that moves only when all is at rest."""
