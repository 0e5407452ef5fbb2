"""Slot names that the guide and the action server share (they stand in ``domain.yml``)."""

MEMORY_SLOT = "gids"
PLAN_SLOT = "plan"
PREPARING_SLOT = "voorbereiding"
