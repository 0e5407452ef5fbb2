"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")
application = get_wsgi_application()

# Reading the assistant's texts takes seconds: at the start, not at somebody's first page.
from conversations import titles  # noqa: E402

titles.content()
titles.intents()
