"""What gunicorn serves."""

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")
application = get_wsgi_application()

# Reading the assistant's texts takes seconds: at the start, not at somebody's first page.
from conversations import titles  # noqa: E402
from corrections.intents import find  # noqa: E402

titles.content()
titles.intents()
# The training messages, which only the search for an intent needs, are read while the first pages are served.
Thread(target=find, args=("klacht",), daemon=True).start()
