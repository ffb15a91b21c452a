"""Gateway sessions: a connection that identified itself anew may have missed messages."""

from discord.ext import commands

from bot.services import Recording


class SessionListener(commands.Cog):
    """Renews a shard's session at READY; a resumed one goes on."""

    def __init__(self, recording: Recording) -> None:
        self._sessions = recording.sessions

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        """Discord sent READY: its events begin afresh."""
        self._sessions.renew(shard_id)
