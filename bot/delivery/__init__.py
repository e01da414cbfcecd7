"""Posts that are lost nowhere and told once: the ledger's values, pacing, retries and the courier."""
