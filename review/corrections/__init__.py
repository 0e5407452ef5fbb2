"""What staff say of a message, and how that finds its way back into the training data."""
