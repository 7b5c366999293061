"""What whoever asks may ask for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a subscription is opened or changed.

    `private` allows receivers on private networks, `everything` an interest that names nothing.
    """

    private: bool = False
    everything: bool = False
