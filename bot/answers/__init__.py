"""What the assistant says: answers as data, rendered with the facts of ``data/channels.yml``."""

from bot.answers.load import Content, load_content
from bot.answers.model import Answer, Button, Message
from bot.answers.render import Context, render

__all__ = ["Answer", "Button", "Content", "Context", "Message", "load_content", "render"]
