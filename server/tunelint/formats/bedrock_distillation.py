"""Prompts in the shape of Amazon Bedrock's Converse API, which a teacher model answers while a smaller one is trained."""

from typing import Any

from tunelint.formats.bedrock_converse import BedrockConverse

__all__ = ["FORMAT"]


class BedrockDistillation(BedrockConverse):
    """Bedrock conversations that wait for their answer: Amazon Bedrock's model distillation asks its teacher for it.

    ```jsonl good
    {"schemaVersion": "bedrock-conversation-2024", "system": [{"text": "Be brief."}], "messages": [{"role": "user", "content": [{"text": "Is it raining?"}]}]}
    ```

    ```jsonl bad messages[0].content
    {"schemaVersion": "bedrock-conversation-2024", "messages": [{"role": "user", "content": "Is it raining?"}]}
    ```
    """

    name = "bedrock-distillation"
    title = "Bedrock distillation"
    aliases = ("distillation", "teacher-prompts")
    method = "reinforcement"

    def suits(self, value: dict[str, Any]) -> float:
        """Return 1 for a conversation without any answer."""
        return 1.0 if _waits(value) else 0.3


def _waits(value: dict[str, Any]) -> bool:
    messages = value.get("messages")
    roles = [one.get("role") for one in messages if isinstance(one, dict)] if isinstance(messages, list) else []
    return "schemaVersion" in value and roles == ["user"]


FORMAT = BedrockDistillation()
