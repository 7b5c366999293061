"""How often Python looks for garbage cycles in a service."""

import gc


def spare_collections() -> None:
    """Leave what a start made alone, and look for garbage cycles less often.

    Commands make many short-lived objects and hardly a cycle; by default the collector looks through
    everything after every 700 of them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
