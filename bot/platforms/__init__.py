"""One package for each platform. The packages do not import each other."""
