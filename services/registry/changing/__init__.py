"""What measures do to missions that go on."""

from services.registry.changing.changing import carry_out

__all__ = ["carry_out"]
