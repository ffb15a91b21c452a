"""Rules for counting: pure values, the gate, and where they are kept."""

from hypothesis import given
from hypothesis import strategies as st

from bot.db.database import Handle
from bot.db.guild_settings import GuildSettings
from bot.privacy.counting import CountingRules
from bot.privacy.gate import Gate
from bot.privacy.rules import Change, Rules, Subject, Writer
from tests.support.consents import silent_nobody

GUILD, CHANNEL, THREAD, ROLE = 7, 5, 6, 3
subjects = st.sampled_from([(Subject.CHANNEL, "5"), (Subject.ROLE, "3"), (Subject.WRITER, "BOT")])
scripts = st.lists(
    st.tuples(subjects, st.booleans()).map(lambda each: Change(*each[0], applies=each[1])), max_size=15
)


class FixedClock:
    def now_ms(self) -> int:
        return 1_790_000_000_000


@given(scripts)
def test_each_message_is_judged_by_the_rules_of_its_time(script: list[Change]) -> None:
    rules = Rules()
    for number, change in enumerate(script):
        rules = rules.after(change, 10 * (number + 1))
    held = {Subject.CHANNEL: False, Subject.ROLE: False, Subject.WRITER: False}
    for number in range(len(script) + 1):
        if number:
            held[script[number - 1].subject] = script[number - 1].applies
        at = 10 * number + 5
        assert rules.excludes(CHANNEL, 0, (), at) == held[Subject.CHANNEL]
        assert rules.excludes(9, CHANNEL, (), at) == held[Subject.CHANNEL], "a thread alone"
        assert rules.excludes(9, 0, [1, ROLE], at) == held[Subject.ROLE]
        assert rules.counts_writer(Writer.BOT, at) == held[Subject.WRITER]
        assert rules.counts_writer(Writer.MEMBER, at)
        assert not rules.counts_writer(Writer.SYSTEM, at)
    assert bool(rules.excluded_channels) == held[Subject.CHANNEL]
    assert bool(rules.excluded_roles) == held[Subject.ROLE]
    assert bool(rules.counted_writers) == held[Subject.WRITER]


async def test_rules_are_kept_and_each_change_is_noted_once(db: Handle) -> None:
    store, gate = GuildSettings(db), Gate(silent_nobody())
    counting = CountingRules(gate, store, FixedClock())
    exclude = Change(Subject.CHANNEL, "5", applies=True)
    await counting.change(GUILD, 0xAB, [exclude, Change(Subject.WRITER, "WEBHOOK", applies=True)], 100)
    await counting.change(GUILD, 0xAB, [exclude, Change(Subject.ROLE, "9", applies=False)], 200)
    await counting.change(GUILD, 0xAB, [Change(Subject.CHANNEL, "5", applies=False)], 300)
    kept = await store.all_rules()
    assert kept == {GUILD: gate.rules(GUILD)}
    assert gate.counts(GUILD, CHANNEL, 0, 1, 99)
    assert not gate.counts(GUILD, CHANNEL, 0, 1, 299)
    assert gate.counts(GUILD, CHANNEL, 0, 1)
    assert gate.counts_writer(GUILD, Writer.WEBHOOK)
    noted = await db.audit.find().to_list(None)
    assert sorted((each["what"], each["subject"]) for each in noted) == [
        ("apply channel rule", "5"), ("apply writer rule", "WEBHOOK"), ("end channel rule", "5"),
    ]  # fmt: skip
    assert {each["actor"] for each in noted} == {"00000000000000ab"}
