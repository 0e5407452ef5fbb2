"""The ways people reach the assistant; each is an adapter around `bot.channels.guard`."""
