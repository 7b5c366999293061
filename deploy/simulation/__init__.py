"""Simulation: a scenario played on real, throwaway engines under a clock that only moves when all is quiet."""
