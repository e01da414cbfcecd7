"""How processes share the groups of a kind of work."""

from __future__ import annotations

from bot.storage.database.balance import Balance, kind_of

FIRST, SECOND, THIRD = "discord:0", "discord:1", "discord:2"


def test_a_part_without_a_number_is_no_group() -> None:
    assert (kind_of("tick"), kind_of(FIRST)) == ("", "discord")


def test_a_process_without_a_group_takes_a_free_one_at_once() -> None:
    assert Balance().may_take(FIRST, ["tick", "discord"], 10)


def test_it_takes_any_other_part_at_once_whatever_it_has() -> None:
    assert Balance().may_take("discord", [FIRST, SECOND], 10)
    assert Balance().may_take("tick", ["telegram", "housekeeping"], 10)


def test_one_that_has_groups_leaves_a_free_one_to_others_for_a_moment() -> None:
    balance = Balance()
    assert not balance.may_take(SECOND, [FIRST], 10)
    assert not balance.may_take(SECOND, [FIRST], 10.5)
    assert balance.may_take(SECOND, [FIRST], 10.8)
    assert not balance.may_take(THIRD, [FIRST, SECOND], 11)
    assert not balance.may_take(THIRD, [FIRST, SECOND], 12)
    assert balance.may_take(THIRD, [FIRST, SECOND], 12.5)


def test_however_many_it_has_it_takes_a_free_one_within_seconds() -> None:
    balance = Balance()
    held = [f"discord:{number}" for number in range(1, 20)]
    assert not balance.may_take(FIRST, held, 10)
    assert balance.may_take(FIRST, held, 12.5)


def test_the_moment_begins_anew_when_the_group_was_taken_in_between() -> None:
    balance = Balance()
    assert not balance.may_take(SECOND, [FIRST], 10)
    balance.saw_taken(SECOND)
    assert not balance.may_take(SECOND, [FIRST], 20)


def test_a_process_asks_for_a_group_only_after_it_stood_by_for_a_while() -> None:
    balance = Balance()
    assert not balance.asks([], "discord", 10)
    assert not balance.asks([], "discord", 39)
    assert balance.asks([], "discord", 40)
    assert not balance.asks([FIRST], "discord", 41)
    assert not balance.asks([], "discord", 50)


def test_only_a_process_with_several_groups_gives_one_and_not_all_at_once() -> None:
    balance = Balance()
    assert not balance.may_give([FIRST], "discord", 10)
    assert balance.may_give([FIRST, SECOND, THIRD], "discord", 10)
    balance.gave("discord", 10)
    assert not balance.may_give([FIRST, SECOND], "discord", 20)
    assert balance.may_give([FIRST, SECOND], "discord", 25)
