"""What ships inside Sarto's builds: starts a product with exactly its chosen parts, and knows what runs."""

from .errors import ProductError
from .product import Product, product
from .start import launch

__all__ = ["Product", "ProductError", "launch", "product"]
