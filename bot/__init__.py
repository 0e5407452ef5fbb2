"""The inclusion assistant: what it knows, says and decides, with thin adapters to Rasa around it."""
