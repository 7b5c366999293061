"""The registry: decrees, their measures, the missions concerned and the people posted there."""
