"""Whether the two speakers of a conversation seem to have changed places."""

from collections.abc import Sequence

from tunelint.core.example import Role

__all__ = ["look_swapped"]


def look_swapped(roles: Sequence[Role]) -> bool:
    """Tell whether assistant and user speak in turn, with the assistant first and the user last."""
    spoken = [role for role in roles if role != "system"]
    return len(spoken) > 1 and len(spoken) % 2 == 0 and spoken == ["assistant", "user"] * (len(spoken) // 2)
