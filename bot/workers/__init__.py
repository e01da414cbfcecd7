"""Worker processes for foreign text, with limits on time and memory."""
