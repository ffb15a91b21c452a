"""Voice on a simulated Discord: from voice states to counters."""

from bot.ingest.activities.voice import VoiceFlag, VoiceTime
from tests.discord.listening import listening


async def test_time_goes_to_the_channel_where_it_was_spent() -> None:
    async with listening() as on:
        lounge = on.guild.create_voice_channel("lounge")
        stage = on.guild.create_stage_channel("stage")
        await on.ada.join_voice(lounge)
        on.tape.wait(30)
        await on.bob.join_voice(lounge)
        on.tape.wait(20)
        await on.ada.set_voice(self_deaf=True)
        on.tape.wait(10)
        await on.ada.join_voice(stage)
        on.tape.wait(5)
        await on.ada.leave_voice()
        await on.bob.leave_voice()

        assert on.voice_ms(on.ada) == {lounge.id: 60_000, stage.id: 5_000}
        assert on.voice_ms(on.bob) == {lounge.id: 35_000}
        days = on.tape.delta.voice_member_days
        (ada,) = [entry for key, entry in days.items() if key[3] == on.pseudonym(on.ada)]
        assert (ada.alone_ms, ada.stage_ms, ada.visits) == (35_000, 5_000, 2)
        assert ada.deafened_ms == 10_000
        channels = {key[3]: entry for key, entry in on.tape.delta.voice_channel_days.items()}
        assert (channels[lounge.id].peak, channels[stage.id].peak) == (2, 1)
        (day,) = on.tape.delta.guild_days.values()
        assert day.voice_peak == 2


async def test_a_restart_in_the_middle_neither_doubles_nor_drops() -> None:
    async with listening() as on:
        lounge = on.guild.create_voice_channel("lounge")
        await on.ada.join_voice(lounge)
        await on.bob.join_voice(lounge)
        on.tape.wait(100)
        await on.restart()
        on.tape.wait(50)
        await on.ada.leave_voice()
        on.tape.wait(50)
        on.client.services.voice.tick()
        assert on.voice_ms(on.ada) == {lounge.id: 150_000}
        assert on.voice_ms(on.bob) == {lounge.id: 200_000}
        began = [a for a in on.tape.recorded if isinstance(a, VoiceTime) and a.flags & VoiceFlag.BEGAN]
        assert len(began) == 2


async def test_bots_are_left_out_also_those_that_were_there_before() -> None:
    async with listening() as on:
        lounge = on.guild.create_voice_channel("lounge")
        jukebox = on.guild.add_member(on.env.create_user("jukebox", bot=True))
        await jukebox.join_voice(lounge)
        await on.ada.join_voice(lounge)
        on.tape.wait(10)
        await on.restart(jukebox, on.ada)
        on.tape.wait(10)
        on.client.services.voice.tick()
        assert on.voice_ms(jukebox) == {}
        assert on.voice_ms(on.ada) == {lounge.id: 20_000}
        assert all(a.flags & VoiceFlag.ALONE for a in on.tape.recorded if isinstance(a, VoiceTime))


async def test_a_lost_connection_counts_for_those_who_stayed() -> None:
    async with listening() as on:
        lounge = on.guild.create_voice_channel("lounge")
        await on.ada.join_voice(lounge)
        await on.bob.join_voice(lounge)
        on.tape.wait(10)
        on.client.dispatch("shard_disconnect", 0)
        await on.env.settle()
        on.tape.wait(100)
        on.client.services.voice.tick()
        assert on.voice_ms(on.ada) == {lounge.id: 10_000}
        guild = on.client.get_guild(on.guild.id)
        assert guild is not None
        guild._voice_states.pop(on.bob.id)  # as the next GUILD_CREATE says
        on.client.dispatch("guild_available", guild)
        await on.env.settle()
        on.client.services.voice.tick()
        assert on.voice_ms(on.ada) == {lounge.id: 110_000}
        assert on.voice_ms(on.bob) == {lounge.id: 10_000}


async def test_a_resumed_connection_missed_nothing() -> None:
    async with listening() as on:
        lounge = on.guild.create_voice_channel("lounge")
        await on.ada.join_voice(lounge)
        on.client.dispatch("shard_disconnect", 0)
        await on.env.settle()
        on.tape.wait(40)
        on.client.dispatch("shard_resumed", 0)
        await on.env.settle()
        on.client.services.voice.tick()
        assert on.voice_ms(on.ada) == {lounge.id: 40_000}
