"""Settings: `config.yaml` to typed values, with every error at once."""
