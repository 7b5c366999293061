"""The summary."""


def summary_of(scenario, played, keep):
    yield str(played.as_json())
    yield str(played.faults)
