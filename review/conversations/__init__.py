"""Conversations as staff read them, taken from the assistant's review log."""
