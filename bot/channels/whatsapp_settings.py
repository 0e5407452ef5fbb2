"""Settings of the WhatsApp channel, from environment variables; a wrong one stops the start."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from bot.channels.messaging import required
from bot.errors import DataError

GRAPH = "https://graph.facebook.com"
VARIABLES = {
    "STADSBOT_WHATSAPP_PHONE_ID": "the id of the phone number in Meta's app dashboard, not the number itself",
    "STADSBOT_WHATSAPP_TOKEN": "the access token of a system user",
    "STADSBOT_WHATSAPP_APP_SECRET": "the app secret, with which Meta signs what it sends",
    "STADSBOT_WHATSAPP_VERIFY_TOKEN": "a word of your own that you also fill in at Meta's webhook",
}
_URL = re.compile(r"https://[^\s?#]+|http://(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?(?:/[^\s?#]*)?")


@dataclass(frozen=True)
class WhatsAppSettings:
    """``phone_id`` is the number that answers, ``graph`` where Meta's Graph API is (for tests and outgoing proxies)."""

    phone_id: str
    token: str
    app_secret: str
    verify_token: str
    graph: str = GRAPH

    @classmethod
    def from_environment(cls) -> WhatsAppSettings | None:
        """Read the environment; None when nothing of WhatsApp is set.

        Raises:
            DataError: something is missing or cannot be; names the variable and what to do.
        """
        values = required(VARIABLES, "WhatsApp")
        if values is None:
            return None
        phone_id, token, app_secret, verify_token = values.values()
        if not phone_id.isdigit():
            raise DataError(
                f"STADSBOT_WHATSAPP_PHONE_ID={phone_id} is no id; it is a number without plus or spaces, in the dashboard under API set-up"
            )
        if len(verify_token) < 16:
            raise DataError("STADSBOT_WHATSAPP_VERIFY_TOKEN is too short; use at least 16 random characters")
        graph = (os.environ.get("STADSBOT_WHATSAPP_GRAPH_URL") or GRAPH).rstrip("/")
        if not _URL.fullmatch(graph):
            raise DataError(
                f"STADSBOT_WHATSAPP_GRAPH_URL={graph} must be https, or http on this machine; leave it empty for Meta"
            )
        return cls(phone_id, token, app_secret, verify_token, graph)
