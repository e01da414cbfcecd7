"""Pictures of stories, for sharing."""
