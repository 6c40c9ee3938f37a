"""Reported failures that a dataset has, with the target that it was for."""

import json
from typing import Final

from tests.reported.records import (
    ALPACA,
    ANSWERS,
    CHAT_PREFERENCES,
    CHATS,
    CORRECTED,
    GEMINI,
    PAIRS,
    PICTURE_PARTS,
    PICTURES,
    PREFERENCES,
    QUESTIONS,
    SHAREGPT,
    TEXTS,
    THUMBS,
    TRIPLES,
    Case,
    answer,
    calls,
    change,
    lines,
    said,
    user,
)

TRL: Final = {"target": "trl"}
FACTORY: Final = {"target": "llama-factory"}
AXOLOTL: Final = {"target": "axolotl"}
TORCHTUNE: Final = {"target": "torchtune"}
SWIFT: Final = {"target": "ms-swift"}
OPENAI: Final = {"target": "openai"}
PREFERENCE: Final = {"target": "trl", "method": "preference"}

SILENT: Final = (
    Case(
        "Axolotl pull request 1702, for TRL: a weight of 0 is not read, and the bad answers are learnt", "CHT014", 1,
        change(CORRECTED, lambda one: one["messages"][1].update(weight=0)), CORRECTED, TRL,
    ),
    Case(
        "ms-swift, which removes all keys but loss: a weight of 0 is not read", "CHT014", 1,
        change(CORRECTED, lambda one: one["messages"][1].update(weight=0)),
        change(CORRECTED, lambda one: one["messages"][1].update(loss=False)), SWIFT,
    ),
    Case(
        "LLaMA-Factory pull request 9630, never merged: a loss_mask beside the turns is not read", "FMT016", 1,
        change(SHAREGPT, lambda one: one.update(loss_mask=[0, 1])), SHAREGPT, FACTORY,
    ),
    Case(
        "minimind issue 737, slime pull request 330: reasoning_content is gone before the template sees it", "CHT015", 1,
        change(CHATS, lambda one: one["messages"][1].update(reasoning_content="It is about the account.")),
        said(CHATS, lambda text: f"<think>\nIt is about the account.\n</think>\n\n{text}"), FACTORY,
    ),
    Case(
        "torchtune issue 2405: tool calls are not read, and the user's text is learnt as the answer", "CHT015", 1,
        [{"messages": one["messages"][:2]} for one in calls()], CHATS, TORCHTUNE,
    ),
    Case(
        "TRL issue 2385: a system prompt in a column of its own is never seen", "FMT016", 1,
        [{"system": "Answer in two sentences.", **one} for one in PREFERENCES], PREFERENCES, PREFERENCE,
    ),
    Case(
        "TRL, prompt formats: both answers repeat the prompt, which is put in front of them again", "PRF002", 1,
        [{**one, "chosen": f"{one['prompt']} {one['chosen']}", "rejected": f"{one['prompt']} {one['rejected']}"} for one in PREFERENCES],
        PREFERENCES, PREFERENCE,
    ),
    Case(
        "TRL pull request 6025, issue 3927: the prompt alone is longer than max_length, and the loss is 0", "TOK003", 3,
        change(CHATS, lambda one: one["messages"][0].update(content="The device reported another state. " * 400), 2),
        CHATS, {**TRL, "limit": 512},
    ),
    Case(
        "TRL issue 4874: pictures under imgs, and the run goes on without them", "FMT004", 1,
        change(PICTURE_PARTS, lambda one: one.update(imgs=one.pop("images"))), PICTURE_PARTS, TRL,
    ),
    Case(
        "ms-swift issue 5927: every answer begins with an empty thought", "CHT011", 1,
        said(CHATS, lambda text: f"<think>\n\n</think>\n\n{text}"), CHATS, SWIFT,
    ),
    Case(
        "Unsloth issue 416: answers that end with the template's own token", "CHT009", 1,
        said(CHATS, lambda text: f"{text}<|im_end|>"), CHATS, TRL,
    ),
    Case(
        "Yi issue 80: answers that end with an end of text", "CHT009", 1,
        change(ALPACA, lambda one: one.update(output=f"{one['output']}</s>")), ALPACA, FACTORY,
    ),
    Case(
        "Unsloth-zoo issue 959: texts that begin with the token that the tokenizer adds", "CHT013", 1,
        [{"text": f"<|begin_of_text|>{one['text']}"} for one in TEXTS], TEXTS, TRL,
    ),
    Case(
        "mlx-examples issue 199: messages that carry a template already", "CHT013", 1,
        change(CHATS, lambda one: one["messages"][0].update(content=f"[INST] {one['messages'][0]['content']} [/INST]")),
        CHATS, {"target": "together"},
    ),
    Case(
        "TRL issues 1623 and 931, alpaca_lora_4bit issue 35: texts without an end, and a model that does not stop", "CHT016", 1,
        [{"text": f"### Instruction:\n{q}\n\n### Response:\n{a}"} for q, a, _ in TRIPLES],
        [{"text": f"### Instruction:\n{q}\n\n### Response:\n{a}</s>"} for q, a, _ in TRIPLES], {"target": "unsloth"},
    ),
    Case(
        "Axolotl pull request 1894, TRL pull request 3091: the end of each tokenized text is masked", "CHT017", 1,
        [{"input_ids": [1, 90 + n, 7 + n, 2], "attention_mask": [1] * 4, "labels": [-100, -100, 7 + n, -100]} for n in range(12)],
        [{"input_ids": [1, 90 + n, 7 + n, 2], "attention_mask": [1] * 4, "labels": [-100, -100, 7 + n, 2]} for n in range(12)], AXOLOTL,
    ),
    Case(
        "TRL issue 5307, ms-swift pull request 10110: arguments of other tools are learnt as null", "TOL009", 1,
        change(calls(as_object=True), lambda one: one["messages"][1]["tool_calls"][0]["function"].update(arguments={"order": "A-7", "express": True}), 3),
        calls(as_object=True), FACTORY,
    ),
    Case(
        "LLaMA-Factory, formatting openai: arguments that are text are encoded twice", "TOL002", 1,
        calls(), calls(as_object=True), FACTORY,
    ),
    Case(
        "OpenAI's cookbook, drone_training: arguments that were encoded twice", "TOL003", 5,
        change(calls(), lambda one: one["messages"][1]["tool_calls"][0]["function"].update(arguments=json.dumps('{"order": "A-1148"}')), 4),
        calls(), OPENAI,
    ),
    Case(
        "Hugging Face course issue 692: texts that are dates become timestamps", "FMT017", 1,
        [{"prompt": q, "completion": f"2024-03-{day:02d}"} for day, q in enumerate(QUESTIONS, start=10)], PAIRS, TRL,
    ),
    Case(
        "pandas, read_csv: the answer None is read as an empty cell", "FMT017", 4,
        "prompt,completion\n" + "".join(f'"{q}","{"None" if n == 2 else a}"\n' for n, (q, a, _) in enumerate(TRIPLES)),
        "prompt,completion\n" + "".join(f'"{q}","{a}"\n' for q, a, _ in TRIPLES), {**FACTORY, "name": "train.csv"},
    ),
    Case(
        "Foundry's validator: pairs of equal answers", "PRF001", 3,
        change(PREFERENCES, lambda one: one.update(rejected=one["chosen"]), 2), PREFERENCES, PREFERENCE,
    ),
    Case(
        "LLaMA-Factory issue 3803: thumbs that are text", "FMT005", 1,
        change(THUMBS, lambda one: one.update(label=str(one["label"]).lower())), THUMBS, {"target": "trl", "method": "kto"},
    ),
    Case(
        "KTO with one kind of thumb: nothing can be told apart", "PRF004", 1,
        [{**one, "label": True} for one in PAIRS], THUMBS, {"target": "trl", "method": "kto"},
    ),
)  # fmt: skip

DROPPED: Final = (
    Case(
        "LLaMA-Factory issue 4249: an output that is an object, and every example is dropped", "FMT005", 1,
        change(ALPACA, lambda one: one.update(output={"answer": one["output"]})), ALPACA, FACTORY,
    ),
    Case(
        "LLaMA-Factory issue 1440: an output that lists several answers", "FMT005", 1,
        change(ALPACA, lambda one: one.update(output=[one["output"]])), ALPACA, FACTORY,
    ),
    Case(
        "LLaMA-Factory issue 7777: a conversation that ends with the human's turn is skipped", "CHT003", 5,
        change(SHAREGPT, lambda one: one["conversations"].append({"from": "human", "value": "And the other one?"}), 4),
        SHAREGPT, FACTORY,
    ),
    Case(
        "LLaMA-Factory: a conversation that the assistant begins is skipped", "CHT004", 5,
        change(SHAREGPT, lambda one: one["conversations"].insert(0, {"from": "gpt", "value": "How can I help?"}), 4),
        SHAREGPT, FACTORY,
    ),
    Case(
        "LLaMA-Factory, formatting openai: a system turn that is not the first, and the record is skipped", "CHT005", 3,
        change(CHATS, lambda one: one["messages"].insert(1, {"role": "system", "content": "Be brief."}), 2), CHATS, FACTORY,
    ),
    Case(
        "LLaMA-Factory issue 6066: a conversation without turns", "FMT005", 4,
        change(SHAREGPT, lambda one: one.update(conversations=[]), 3), SHAREGPT, FACTORY,
    ),
    Case(
        "ms-swift issue 9702: messages without one, and the row is deleted", "FMT005", 4,
        change(CHATS, lambda one: one.update(messages=[]), 3), CHATS, SWIFT,
    ),
    Case("Axolotl issue 290: an output that is empty", "CHT006", 6, change(ALPACA, lambda one: one.update(output=""), 5), ALPACA, AXOLOTL),
    Case(
        "smol-course issue 260: user, assistant, user, user in a published dataset", "CHT003", 1,
        change(CORRECTED, lambda one: one["messages"][3].update(role="user")), CORRECTED, TRL,
    ),
)  # fmt: skip

STOPPED: Final = (
    Case(
        "LLaMA-Factory issue 7547: tools that are blank", "TOL007", 5,
        change(SHAREGPT, lambda one: one.update(tools=" "), 4), change(SHAREGPT, lambda one: one.update(tools="")), FACTORY,
    ),
    Case(
        "LLaMA-Factory issue 8440: an answer that says <image>, which counts as a placeholder", "MED003", 4,
        change(PICTURES, lambda one: one["conversations"][1].update(value="![Figure 3](<image>)"), 3), PICTURES, FACTORY,
    ),
    Case(
        "TRL issue 4289: more parts with an image than images", "MED003", 1,
        change(PICTURE_PARTS, lambda one: one["messages"][0]["content"].insert(0, {"type": "image"})), PICTURE_PARTS, TRL,
    ),
    Case("Axolotl issue 618: the column is TEXT", "FMT003", 1, [{"TEXT": one["text"]} for one in TEXTS], TEXTS, AXOLOTL),
    Case(
        "Axolotl issue 879: question and answer under names of their own", "FMT001", 1,
        [{"question": q, "answer": a} for q, a, _ in TRIPLES], PAIRS, TRL,
    ),
    Case(
        "TRL issue 2385: the rejected answer is a message of the user", "PRF002", 1,
        change(CHAT_PREFERENCES, lambda one: one["rejected"][0].update(role="user")), CHAT_PREFERENCES, PREFERENCE,
    ),
    Case(
        "LLaMA-Factory pull request 3066, alignment-handbook: a prompt in text beside whole conversations", "PRF002", 1,
        [{**one, "chosen": [user(one["prompt"]), answer(one["chosen"])], "rejected": [user(one["prompt"]), answer(one["rejected"])]} for one in PREFERENCES],
        CHAT_PREFERENCES, PREFERENCE,
    ),
    Case("Qwen3 issue 1894: arguments that are text, where the template wants an object", "TOL002", 1, calls(), calls(as_object=True), TRL),
    Case("Qwen3-Coder issue 444: arguments that are an object, where text is read", "TOL002", 1, calls(as_object=True), calls(), OPENAI),
    Case(
        "LangChain issue 24668: ids of calls that Mistral does not take", "TOL004", 1,
        json.loads(json.dumps(calls()).replace('"call0', '"call_abc0')), calls(), {"target": "mistral"},
    ),
    Case(
        "Axolotl issue 3231, mistral-finetune: the last turn is the user's", "CHT003", 4,
        change(CHATS, lambda one: one["messages"].append(user("And then?")), 3), CHATS, {"target": "mistral"},
    ),
    Case(
        "Foundry fine-tuning issue 23: two messages of the assistant, invalid schema (20)", "CHT004", 7,
        b"\xef\xbb\xbf" + lines(change(CHATS, lambda one: one["messages"].append(answer("Anything else?")), 6)).encode(),
        b"\xef\xbb\xbf" + lines(CHATS).encode(), {"target": "azure"},
    ),
    Case(
        "Azure docs issue 108515: prompts that are empty", "CHT006", 2,
        change(PAIRS, lambda one: one.update(prompt=""), 1), PAIRS, OPENAI,
    ),
    Case("together-python pull request 220: a column too many", "FMT004", 1, [{"id": 7, **one} for one in CHATS], CHATS, {"target": "together"}),
    Case("together-python pull request 211: records of two formats", "FMT002", 9, CHATS[:8] + TEXTS[8:], CHATS, {"target": "together"}),
    Case(
        "Gemini tuning: the role of the answer is assistant", "CHT001", 1,
        change(GEMINI, lambda one: one["contents"][1].update(role="assistant")), GEMINI, {"target": "gemini"},
    ),
    Case(
        "Gemini tuning: parts that are no list", "FMT005", 1,
        change(GEMINI, lambda one: one["contents"][0].update(parts={"text": "Hi"})), GEMINI, {"target": "gemini"},
    ),
    Case("Gemini tuning: the form of AI Studio", "FMT001", 1, [{"text_input": q, "output": a} for q, a, _ in TRIPLES], GEMINI, {"target": "gemini"}),
    Case("Bedrock workshop issue 266: other names than prompt and completion", "FMT014", 1, [{"input": q, "output": a} for q, a, _ in TRIPLES], PAIRS, {"target": "bedrock/titan"}),
    Case(
        "OpenAI's forum, topic 984806: the system message alone on the first line", "FMT009", 1,
        [{"messages": [{"role": "system", "content": "Be brief."}]}, *CHATS], CHATS, OPENAI,
    ),
    Case("OpenAI's forum, topic 1151915: content that lists strings", "FMT005", 4, said(CHATS, lambda text: [text], 3), CHATS, OPENAI),
)  # fmt: skip

WRITTEN: Final = (
    Case("openai-php issue 107: a quotation mark within the text", "JSN001", 2, lines(CHATS).replace("press Rotate", 'press "Rotate"'), CHATS, OPENAI),
    Case("OpenAI-API-dotnet issue 59: a byte order mark", "FIL002", 1, b"\xef\xbb\xbf" + lines(CHATS).encode(), CHATS, OPENAI),
    Case("openai-python issue 426: objects over several lines", "FIL007", 1, "\n".join(json.dumps(one, indent=2) for one in CHATS), CHATS, OPENAI),
    Case("openai-python issue 383: a file in another encoding", "FIL001", 1, lines(CHATS).encode("utf-16"), CHATS, OPENAI),
    Case("Unsloth issue 337: Python's own way to write dictionaries", "FIL008", 1, "".join(f"{one!r}\n" for one in CHATS), CHATS, OPENAI),
    Case("Unsloth issue 321: conversations that are lists in a list", "JSN002", 2, json.dumps([one["conversations"] for one in SHAREGPT], indent=1), SHAREGPT, {"name": "data.json"}),
    Case("datalad issue 3523: a line separator within a text", "FIL005", 4, said(CHATS, lambda text: f"{text}\u2028Write to us.", 3), CHATS, TRL),
    Case("datasets issue 7322: a number here and a text there", "FMT006", 1, [{**one, "order": n if n % 3 else f"A-{n}"} for n, one in enumerate(CHATS)], CHATS, {}),
)  # fmt: skip

CASES: Final = (*SILENT, *DROPPED, *STOPPED, *WRITTEN)

NO_FAULTS: Final = (
    ("ShareGPT's turns under messages, which TRL, LLaMA-Factory and ms-swift read", [{"messages": one["conversations"]} for one in SHAREGPT], FACTORY),
    ("rows of text and of parts, which TRL's version of datasets reads", [*CHATS, {"messages": [user([{"type": "text", "text": "Is it raining?"}]), answer("No, it is dry.")]}], TRL),
    ("struck-out words in an answer", said(CHATS, lambda text: f"<s>{text}</s>"), TRL),
    ("dates among other answers", [{"prompt": q, "completion": a if n else "2024-03-01"} for n, (q, a) in enumerate(zip(QUESTIONS, ANSWERS, strict=True))], TRL),
)  # fmt: skip
"""What was taken for a fault, or could be, and is none."""
