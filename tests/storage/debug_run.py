"""A process that talks to the real assistant at debug level; run by test_debug_run.py.

Usage: ``python -m tests.storage.debug_run MODEL MESSAGE…``
"""

import asyncio
import logging
import sys

from rasa.core.agent import load_agent
from rasa.core.utils import AvailableEndpoints
from rasa.utils.common import configure_logging_and_warnings
from rasa.utils.log_utils import configure_structlog


async def main(model: str, messages: list[str]) -> None:
    """Say every message in one conversation."""
    agent = await load_agent(model, endpoints=AvailableEndpoints.read_endpoints("endpoints.yml"))
    for message in messages:
        await agent.handle_text(message, sender_id="+32498765432")


if __name__ == "__main__":
    configure_structlog(logging.DEBUG)  # as `rasa run --debug` does
    logging.getLogger().setLevel(logging.DEBUG)
    configure_logging_and_warnings(logging.DEBUG)
    asyncio.run(main(sys.argv[1], sys.argv[2:]))
