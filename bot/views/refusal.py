"""What a view cannot answer."""


class CannotShow(Exception):  # noqa: N818 - an answer, not a fault
    """The question has no answer here; the message is for the user and says why and what to do."""
