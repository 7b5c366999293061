"""One started product for all tests of the main job and of what it refuses."""

from collections.abc import Iterator

import pytest

from tests.product import Person, Product


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with Product(tmp_path_factory.mktemp("main-job") / "data").running() as running:
        yield running


@pytest.fixture(scope="package")
def office(product: Product) -> Person:
    """The follow-up office, once both services know the whole decree."""
    return product.caught_up()
