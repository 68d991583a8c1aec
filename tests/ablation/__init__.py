"""What each number and each rule of the model does: where to look for it, and in which small world it shows."""
