import hmac

from hypothesis import given
from hypothesis import strategies as st

from bot.privacy.pseudonym import DELETED_USER, NOBODY, Pseudonyms, fingerprint, hexadecimal

KEY = bytes(range(32))
IDS = st.integers(min_value=1, max_value=2**64 - 1).filter(lambda each: each != DELETED_USER)


@given(key=st.binary(min_size=1, max_size=80), guild=IDS, user=IDS)
def test_it_is_the_documented_hmac(key: bytes, guild: int, user: int) -> None:
    digest = hmac.new(key, f"{guild}:{user}".encode(), "sha256").digest()
    assert hexadecimal(Pseudonyms(key).of(guild, user)) == digest.hex()[:16]


def test_remembering_changes_nothing() -> None:
    small, large = Pseudonyms(KEY, remember=2), Pseudonyms(KEY)
    users = [*range(1, 50), *range(1, 50)]
    assert [small.of(7, user) for user in users] == [large.of(7, user) for user in users]


def test_servers_keys_and_users_all_tell_apart() -> None:
    made = {
        Pseudonyms(key).of(guild, user) for key in (KEY, KEY[::-1]) for guild in (1, 2) for user in (1, 2)
    }
    assert len(made) == 8


def test_the_border_between_guild_and_user_counts() -> None:
    assert Pseudonyms(KEY).of(12, 3) != Pseudonyms(KEY).of(1, 23)


@given(guild=IDS, user=IDS)
def test_a_name_of_digits_is_never_that_user(guild: int, user: int) -> None:
    pseudonyms = Pseudonyms(KEY)
    assert pseudonyms.of_name(guild, str(user)) != pseudonyms.of(guild, user)


def test_any_name_has_a_pseudonym() -> None:
    pseudonyms = Pseudonyms(KEY)
    names = ["", "Ann", "ann", "안나", "🦊", "\ud800", "a\nb"]
    assert len({pseudonyms.of_name(1, name) for name in names}) == len(names)


def test_marks_have_names_of_their_own_by_all_that_tells_them_apart() -> None:
    pseudonyms = Pseudonyms(KEY)
    ids = (10**18 + 1, 10**18 + 2)
    reactions = [
        pseudonyms.of_reaction(guild, message, emoji, user, erasures)
        for guild in ids
        for message in ids
        for emoji in ("👍", "123")
        for user in ids
        for erasures in range(4)
    ]
    votes = [
        pseudonyms.of_vote(guild, message, answer, user, erasures)
        for guild in ids
        for message in ids
        for answer in (1, 2)
        for user in ids
        for erasures in range(4)
    ]
    assert len({*reactions, *votes}) == len(reactions) + len(votes) == 128
    assert pseudonyms.of_reaction(*ids, "👍", 5) == pseudonyms.of_reaction(*ids, "👍", 5, 0)
    assert pseudonyms.of_vote(*ids, 1, 5) == pseudonyms.of_vote(*ids, 1, 5, 0)


def test_small_numbers_keep_their_zeros() -> None:
    assert hexadecimal(0xAB) == "00000000000000ab"
    assert hexadecimal(2**64 - 1) == "f" * 16


def test_a_fingerprint_tells_keys_apart_and_is_no_pseudonym() -> None:
    assert fingerprint(KEY) != fingerprint(KEY[::-1])
    assert len(fingerprint(KEY)) == 16
    assert KEY.hex()[:16] not in fingerprint(KEY)


def test_the_account_of_deleted_users_is_nobody() -> None:
    pseudonyms = Pseudonyms(KEY)
    seen: list[int] = []
    pseudonyms.on_sight(lambda _guild, user, _pseudonym: seen.append(user))
    assert pseudonyms.of(7, DELETED_USER) == pseudonyms.once(7, DELETED_USER) == NOBODY
    assert pseudonyms.of(7, DELETED_USER - 1) != NOBODY
    assert seen == [DELETED_USER - 1]
    digest = hmac.new(KEY, b"7:%d" % DELETED_USER, "sha256").digest()
    assert hexadecimal(pseudonyms.of_deleted_user(7)) == digest.hex()[:16], "as it was counted before"
