"""A run: making one, keeping it in a folder, reading it back."""
