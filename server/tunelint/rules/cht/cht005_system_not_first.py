"""CHT005: see the class."""

from collections.abc import Iterator

from tunelint.core.example import SEPARATOR
from tunelint.core.finding import Severity
from tunelint.rules.base import Context, RoleFault, RoleRule


class SystemNotFirst(RoleRule):
    """A system turn stands elsewhere than first, or there are several.

    ## Why

    Most chat templates know one system turn, at the beginning. A later one ends the run, is dropped, or is fed as the user's.

    ## What to do

    Move it to the beginning, join several into one, or make it a turn of the user.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hi!"}]}
    ```

    ```jsonl good target=openai
    {"messages": [{"role": "user", "content": "Hi"}, {"role": "system", "content": "Be brief."}, {"role": "assistant", "content": "Hi!"}]}
    ```

    ```jsonl bad messages[1].role
    {"messages": [{"role": "user", "content": "Hi"}, {"role": "system", "content": "Be brief."}, {"role": "assistant", "content": "Hi!"}]}
    ```

    Sources: mistralai/mistral-common, protocol/instruct/validator.py; meta-pytorch/torchtune, validate_messages; Fireworks.
    """

    code = "CHT005"
    name = "system-not-first"
    severity = Severity.WARNING
    unless = frozenset({"CHT001", "CHT002"})

    def find(self, speakers: tuple[str, ...], context: Context) -> Iterator[RoleFault]:
        """Yield each system turn that somebody refuses there."""
        if context.format is None:
            return
        roles = context.format.meant(speakers)
        for index, role in enumerate(roles):
            if speakers[index] == SEPARATOR:
                return
            if role != "system":
                continue
            first = index == 0
            refusal = context.refusal(lambda dialect: dialect.system == "none" or (not first and dialect.system == "first"))  # noqa: B023
            if refusal is None or (first and context.target is None):
                continue
            if first:
                message = f"{refusal.by} takes no system turn here"
            elif "system" in roles[:index]:
                message = "another system turn"
            else:
                message = "the system turn is not the first one"
            yield RoleFault(
                index,
                message,
                refusal.severity,
                f"one system turn, at the beginning, is what everybody takes; refused by {refusal.by}",
            )
            return
