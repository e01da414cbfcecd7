"""Views: answers before a platform renders them."""
