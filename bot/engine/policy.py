"""The guide as a Rasa policy: interrupts for danger, asks for what a referral lacks, refers, doubts aloud.

Rules and stories (RulePolicy, MemoizationPolicy) answer everything else. The guide runs inside Rasa, not in the action
server, since a round-trip there costs three quarters of a turn and fails when that server does.
"""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue import Memory, Plan, Turn, decide
from bot.dialogue.flow import CRISIS
from bot.engine.names import MEMORY_SLOT, PLAN_SLOT, PREPARING_SLOT
from bot.engine.turns import Latest, latest_turn
from bot.paths import data_dir
from bot.privacy.hint import hint_for
from bot.referral import load_channels

LAST_RESORT = 0.2  # below any rule or story: only said when nothing else knows an answer


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class GuidePolicy(Policy):  # type: ignore[misc]
    """Predicts with full confidence what `bot.dialogue.decide` plans, and nothing when it plans nothing."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> None:
        """Read the referral table; a mistake in it stops the start."""
        super().__init__(config, model_storage, resource, execution_context, **kwargs)
        self.channels = load_channels(data_dir() / "channels.yml")

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The guide outranks rules (6) and stories (3) when both are sure."""
        return {"priority": 10}

    def train(
        self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any
    ) -> Resource:
        """Nothing is learned: the decisions are data."""
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> GuidePolicy:
        """Nothing was stored, so loading is creating."""
        return cls(config, model_storage, resource, execution_context)

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Predict the next action of this turn's plan."""
        latest = latest_turn(tracker)
        if not tracker.latest_message or not tracker.latest_message.intent.get("name"):
            return self._prediction(self._default_predictions(domain))
        if latest.executed:
            return self._continue(tracker, domain, latest)
        memory = Memory.from_json(
            {**(tracker.get_slot(MEMORY_SLOT) or {}), "voorbereiding": bool(tracker.get_slot(PREPARING_SLOT))}
        )
        plan = decide(latest.turn, memory, self.channels)
        actions = [_action(answer) for answer in _with_hint(plan, latest.turn)]
        events = _remember(plan, actions)
        if not actions:
            return self._say("utter_niet_begrepen", domain, events, LAST_RESORT, "laatste_redmiddel")
        return self._say(actions[0], domain, events, decision=plan.decision)

    def _continue(self, tracker: DialogueStateTracker, domain: Domain, latest: Latest) -> PolicyPrediction:
        plan = list(tracker.get_slot(PLAN_SLOT) or [])
        last = latest.executed[-1]
        if last.startswith("action_") and not latest.said_since_last_action:
            # The action server failed: never be silent.
            return self._say("utter_storing", domain, decision="storing")
        done = len(latest.executed)
        if plan and latest.executed[0] == plan[0] and done < len(plan):
            return self._say(plan[done], domain)
        return self._say("action_listen", domain, confidence=1.0 if plan else LAST_RESORT)

    def _say(
        self,
        action: str,
        domain: Domain,
        events: list[Event] | None = None,
        confidence: float = 1.0,
        decision: str = "",
    ) -> PolicyPrediction:
        probabilities = self._default_predictions(domain)
        probabilities[domain.index_for_action(action)] = confidence
        # With the action, so that staff can read what was decided (`bot.storage.log_rows`).
        metadata = {"decision": decision} if decision else None
        return self._prediction(probabilities, events=events, action_metadata=metadata)


def _with_hint(plan: Plan, turn: Turn) -> tuple[str, ...]:
    """Add a gentle word to somebody who typed personal data, but not in danger and not while preparing a report."""
    busy = turn.intent in CRISIS or plan.memory.voorbereiding or turn.language != "nl"
    if busy or turn.text.startswith("/") or not hint_for(turn.text):
        return plan.answers
    return (*(plan.answers or (turn.intent,)), "persoonsgegevens")


def _action(answer: str) -> str:
    return answer if answer.startswith("action_") else f"utter_{answer}"


def _remember(plan: Plan, actions: list[str]) -> list[Event]:
    memory = plan.memory
    return [
        SlotSet(MEMORY_SLOT, memory.to_json()),
        SlotSet(PLAN_SLOT, actions),
        SlotSet(PREPARING_SLOT, memory.voorbereiding),
        SlotSet("domein", memory.domein),
        SlotSet("grond", list(memory.gronden)),
        SlotSet("detail", memory.detail),
    ]
