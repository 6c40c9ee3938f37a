"""What others check, written down here again to be timed beside TuneLint; each check as its source describes it.

- ``cookbook``: OpenAI's cookbook, ``Chat_finetuning_data_prep.ipynb``: format checks, token counts and distributions.
- ``together-1`` and ``together-3``: the check that Together's client makes before an upload, before and after version 2, when
  the checks of meaning moved to the server.
- ``mistral-finetune``: its ``utils/validate_data.py`` for instruct data, with the messages, rules and tokenizer of the package
  ``mistral-common``, which has to be installed for it: 1.3 as when the script was written, or 1.7 to 1.9, which its last revision
  runs with. The earlier one takes twice the time.
"""

import json
import sys
from collections import defaultdict
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

__all__ = ["PEERS"]

ROLES = ("system", "user", "assistant", "function")
MESSAGE_KEYS = ("role", "content", "name", "function_call", "weight")
TOGETHER_ROLES = ("system", "user", "assistant")


def cookbook(path: Path) -> str:
    """Load the file, check each example, count its tokens and those of its answers."""
    from tunelint.tokens.encodings import load

    encode = load("cl100k_base").encode
    with path.open(encoding="utf-8") as file:
        dataset = [json.loads(line) for line in file]
    errors: dict[str, int] = defaultdict(int)
    for example in dataset:
        if not isinstance(example, dict):
            errors["data_type"] += 1
            continue
        messages = example.get("messages", None)
        if not messages:
            errors["missing_messages_list"] += 1
            continue
        for message in messages:
            if "role" not in message or "content" not in message:
                errors["message_missing_key"] += 1
            if any(key not in MESSAGE_KEYS for key in message):
                errors["message_unrecognized_key"] += 1
            if message.get("role", None) not in ROLES:
                errors["unrecognized_role"] += 1
            content = message.get("content", None)
            if (not content and not message.get("function_call", None)) or not isinstance(content, str):
                errors["missing_content"] += 1
        if not any(message.get("role", None) == "assistant" for message in messages):
            errors["example_missing_assistant_message"] += 1
    lengths, answers, counts = [], [], []
    missing_system = missing_user = 0
    for example in dataset:
        messages = example["messages"]
        missing_system += not any(message["role"] == "system" for message in messages)
        missing_user += not any(message["role"] == "user" for message in messages)
        counts.append(len(messages))
        total = 3
        for message in messages:
            total += 3
            for key, value in message.items():
                total += len(encode(value, disallowed_special=()))
                if key == "name":
                    total += 1
        lengths.append(total)
        answers.append(
            sum(len(encode(message["content"], disallowed_special=())) for message in messages if message["role"] == "assistant")
        )
    return f"{len(dataset):,} examples, {sum(lengths):,} tokens, {sum(errors.values()):,} errors, {sum(answers):,} in answers"


def together_1(path: Path) -> str:
    """Check encoding, JSON and the structure of messages, line by line."""
    with path.open(encoding="utf-8") as file:
        file.read()
    keys: set[str] = set()
    count = 0
    with path.open(encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            if not isinstance(record, dict) or "messages" not in record:
                raise ValueError(f"line {count + 1} is no conversation")
            keys.update(record)
            previous = None
            answered = False
            messages: Any = record["messages"]
            if not messages or not isinstance(messages, list):
                raise ValueError(f"line {count + 1} has no messages")
            for message in messages:
                if not isinstance(message, dict) or "role" not in message or "content" not in message:
                    raise ValueError(f"line {count + 1} has no role or content")
                role = message["role"]
                if role not in TOGETHER_ROLES or role == previous or not isinstance(message["content"], str):
                    raise ValueError(f"line {count + 1} has a wrong role or content")
                if "weight" in message and message["weight"] not in {0, 1}:
                    raise ValueError(f"line {count + 1} has a wrong weight")
                answered = answered or role == "assistant"
                previous = role
            if not answered:
                raise ValueError(f"line {count + 1} has no answer")
            count += 1
    return f"{count:,} samples, {len(keys)} columns"


def together_3(path: Path) -> str:
    """Check that the file is UTF-8 and each line a JSON object."""
    with path.open(encoding="utf-8") as file:
        file.read()
    count = 0
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                if not isinstance(json.loads(line), dict):
                    raise ValueError(f"line {count + 1} is no object")
                count += 1
    return f"{count:,} samples"


def mistral_finetune(path: Path) -> str:
    """Make a request of each record, validate it, and encode it as the third version of its template does."""
    from mistral_common.exceptions import MistralCommonException
    from mistral_common.protocol.instruct.messages import FinetuningAssistantMessage, UserMessage
    from mistral_common.protocol.instruct.validator import MistralRequestValidatorV3, ValidationMode
    from mistral_common.tokens.tokenizers.mistral import MistralTokenizer

    # no plain import: it is there in each of these versions, and only in some a name that type checkers accept
    request_type: Any = import_module("mistral_common.tokens.instruct.request").InstructRequest
    template: Any = MistralTokenizer.v3().instruct_tokenizer
    early = version("mistral-common").startswith("1.3.")
    with path.open(encoding="utf-8") as file:
        lines = file.readlines()
    wrong = count = 0
    for line in lines:
        record = json.loads(line)
        system = record.get("system_prompt")
        messages: list[Any] = []
        for message in record.get("messages", record.get("interactions")):
            content = message.get("content", message.get("text"))
            if message["role"] == "system":
                system = content
            elif message["role"] == "user":
                messages.append(UserMessage(content=content))
            else:
                messages.append(FinetuningAssistantMessage(content=content, weight=message.get("weight")))
        try:
            validator: Any = MistralRequestValidatorV3(ValidationMode.finetuning)
            validator.validate_messages(messages, *(() if early else (False,)))
        except MistralCommonException:
            wrong += 1
            continue
        count += len(_mistral_ids(request_type(messages=messages, system_prompt=system, available_tools=None), template, early))
    return f"{len(lines):,} samples, {wrong:,} of a wrong form, {count:,} tokens"


def _mistral_ids(request: Any, template: Any, early: bool) -> list[int]:
    """Return the token ids of a request, and drop which of them are trained on, as the validator does."""
    users = [index for index, message in enumerate(request.messages) if message.role == "user"]
    ids: list[int] = template.start()
    trained: list[bool] = [False]
    for index, message in enumerate(request.messages):
        user = message.role == "user"
        if user:
            last, first = index == users[-1], index == users[0]
            piece = template.encode_user_message(
                message, available_tools=None, is_last=last, is_first=first, system_prompt=request.system_prompt
            )
            piece = piece if early else piece[0]
        else:
            later = {} if early else {"continue_message": False}
            piece = template.encode_assistant_message(message, is_before_last_user_message=False, **later)
        ids.extend(piece)
        trained.extend([not user] * len(piece))
    return ids


PEERS = {"cookbook": cookbook, "together-1": together_1, "together-3": together_3, "mistral-finetune": mistral_finetune}

if __name__ == "__main__":
    sys.stdout.write(PEERS[sys.argv[1]](Path(sys.argv[2])) + "\n")
