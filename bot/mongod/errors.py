class MongodError(Exception):
    """The embedded MongoDB cannot run; the text says what to do about it."""


class MongodMissingError(MongodError):
    """No mongod that could be used is installed."""


class PortTakenError(MongodError):
    """Something else listens on the port that mongod was given."""
