"""What is said when Discord stops answering during a start."""


class DiscordGone(Exception):  # noqa: N818 - a state of the world
    """Discord answered at first, and then no more, before the bot was connected."""

    def __init__(self, error: Exception) -> None:
        super().__init__(
            f"Discord cannot be reached any more ({type(error).__name__}): check the network, and "
            "discordstatus.com, and start again."
        )
