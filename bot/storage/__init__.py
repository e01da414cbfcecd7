"""Where stories and conversations are kept."""
