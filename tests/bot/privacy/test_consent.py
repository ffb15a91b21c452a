"""What a member allows: pure values, and the registry with its file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy.consent import Consent, Span, later, snowflake_at
from bot.privacy.consents import ConsentFileError, Consents
from bot.privacy.pseudonym import Pseudonyms, hexadecimal
from bot.privacy.records import Erased, OptedIn, OptedOut

GUILD, MEMBER = 7, 0xABCDEF0123456789
DECISIONS = (OptedOut, OptedIn, Erased)
history = st.lists(st.sampled_from(DECISIONS), max_size=12).map(
    lambda kinds: [kind(GUILD, MEMBER, 10 * (number + 1)) for number, kind in enumerate(kinds)]
)


def naively_silent(records: list[OptedOut | OptedIn | Erased], at: int) -> bool:
    """Whether an id never counts: replayed by hand."""
    out = False
    for record in records:
        if record.at < at and not isinstance(record, Erased):
            out = isinstance(record, OptedOut)
    return out or any(isinstance(record, Erased) and at <= record.at for record in records)


def consent_of(records: list[OptedOut | OptedIn | Erased]) -> Consent:
    consent = Consent()
    for record in records:
        consent = consent.after(record)
    return consent


@given(history)
def test_it_silences_what_a_replay_by_hand_silences(records: list[OptedOut | OptedIn | Erased]) -> None:
    consent = consent_of(records)
    for at in range(1, 10 * len(records) + 20):
        if at % 10:
            assert consent.silences(at) == naively_silent(records, at), at
    assert consent.opted_out == naively_silent(records, 10**6)


@given(history, st.data())
def test_records_that_come_again_change_nothing(
    records: list[OptedOut | OptedIn | Erased], data: st.DataObject
) -> None:
    consent = consent_of(records)
    again = consent
    for record in records[data.draw(st.integers(0, len(records))) :]:
        again = again.after(record)
    assert again == consent
    earlier = consent_of(records[: data.draw(st.integers(0, len(records)))])
    assert later(earlier, consent) == later(consent, earlier) or earlier.known == consent.known
    assert later(None, consent) == consent


def test_an_instant_has_a_snowflake_between_its_neighbours() -> None:
    at = 1_790_000_000_000
    assert snowflake_at(at - 1) < (at - 1_420_070_400_000) << 22 <= snowflake_at(at)
    assert snowflake_at(0) >= 0


def test_the_file_brings_it_back_and_names_nobody(tmp_path: Path) -> None:
    path, seal = tmp_path / "consents.json", Pseudonyms(bytes(32)).seal
    consents = Consents(seal, path)
    assert consents.counts(GUILD, MEMBER, 5)
    consents.note(OptedOut(GUILD, MEMBER, 10))
    consents.note(Erased(GUILD, MEMBER, 20))
    consents.save()
    text = path.read_bytes()
    for form in (hexadecimal(MEMBER).encode(), MEMBER.to_bytes(8, "big"), MEMBER.to_bytes(8, "little")):
        assert form not in text
    assert str(MEMBER).encode() not in text
    again = Consents(seal, path)
    assert again.of(GUILD, MEMBER) == Consent(20, (Span(10, None),), 1)
    assert not again.counts_now(GUILD, MEMBER)
    assert again.counts_now(GUILD, MEMBER + 1)
    assert again.counts(GUILD + 1, MEMBER, 5)


def test_a_damaged_file_keeps_the_bot_from_starting(tmp_path: Path) -> None:
    path = tmp_path / "consents.json"
    path.write_text("[{]", "utf-8")
    with pytest.raises(ConsentFileError, match="is damaged"):
        Consents(Pseudonyms(bytes(32)).seal, path)
