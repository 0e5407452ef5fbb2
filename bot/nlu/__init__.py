"""Understanding what people write: Rasa graph components of our own."""
