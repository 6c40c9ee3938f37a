"""What ends a run with a line for the user instead of a traceback."""

__all__ = ["UserError"]


class UserError(Exception):
    """Something that the user can mend; the text says what is wrong, where, and what to do."""
