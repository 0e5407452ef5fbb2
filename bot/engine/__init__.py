"""Adapters between Rasa and the assistant's own content: importer, policy, answers."""
