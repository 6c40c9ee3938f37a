"""LLaMA-Factory."""

from tunelint.formats.base import ANY_MEDIA, Dialect, Target

__all__ = ["TARGET"]


TARGET = Target(
    name="llama-factory",
    title="LLaMA-Factory",
    hosted=False,
    as_of="2026-08",
    sources=(
        "hiyouga/LLaMA-Factory, data/README.md and src/llamafactory/data/{converter,parser,mm_plugin}.py",
        "llamafactory 0.9.5, OpenAIDatasetConverter and FunctionFormatter: arguments are encoded once more, so text is encoded twice",
        "llamafactory 0.9.5 asks for datasets up to 4.0, whose tables give objects the keys of each other",
    ),
    dialects={
        "openai-chat": Dialect(
            arguments="object",
            padded=True,
            json_text=True,
            roles=frozenset({"system", "user", "assistant", "tool"}),
            order="alternate",
            last="assistant",
            system="first",
            unread=frozenset({"loss_mask"}),
            masks=frozenset(),
            reasoning=False,
            call_text=False,
            media=ANY_MEDIA,
        ),
        "sharegpt": Dialect(
            roles=frozenset({"system", "human", "gpt", "observation", "function_call", "user", "assistant"}),
            order="alternate",
            last="assistant",
            system="first",
            unread=frozenset({"loss_mask"}),
            masks=frozenset(),
            media=ANY_MEDIA,
        ),
        "sharegpt-preference": Dialect(order="alternate", media=ANY_MEDIA, single_answer=True),
        "alpaca": Dialect(media=ANY_MEDIA),
        "preference": Dialect(media=ANY_MEDIA),
        "kto": Dialect(media=ANY_MEDIA),
        "llama-factory-v1": Dialect(media=ANY_MEDIA),
        "llama-factory-v1-preference": Dialect(media=ANY_MEDIA),
        "text": Dialect(),
    },
    aliases=("llamafactory", "llama_factory"),
    over_context="truncated",
    suffixes=(".jsonl", ".json", ".csv", ".parquet", ".txt"),
)
