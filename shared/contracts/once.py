"""An attribute that is computed when it is first asked for, and kept."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class Once(Generic[T]):
    """Decorates a method of a class with a ``__dict__``, for use by one thread.

    Python's own `cached_property` does the same; but until 3.12 it takes a lock for every first look, and
    three times as long.
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> "Once[T]": ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> "Once[T] | T":
        if instance is None:
            return self
        # There it is found before this descriptor from now on: it has no __set__.
        value = instance.__dict__[self._name] = self._compute(instance)
        return value
