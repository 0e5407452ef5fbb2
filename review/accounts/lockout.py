"""Counting wrong passwords per user name, and nothing else of who typed them."""

from __future__ import annotations

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.http import HttpRequest


def no_address(request: HttpRequest) -> None:
    """Keep no address of staff either."""


class NamelessHandler(AxesDatabaseHandler):  # type: ignore[misc]
    """Stores the user name and the number of failures. Named by ``AXES_HANDLER``."""

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any
    ) -> None:
        """Count one failure."""
        if request is not None:
            request.axes_ip_address, request.axes_user_agent = None, ""
            request.axes_path_info, request.axes_http_accept = "", ""
        super().user_login_failed(sender, credentials, request, **kwargs)
