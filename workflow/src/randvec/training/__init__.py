"""Members: windows, loss, loop and checkpoint."""
