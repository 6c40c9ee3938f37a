"""Lengths of plain records, which are counted on a short way, are those that their examples come to."""

from hypothesis import given
from hypothesis import strategies as st

from tunelint.core.example import Example, Role, ToolCall, Turn
from tunelint.core.record import Lengths
from tunelint.tokens.lengths import NAME, PER_MESSAGE, PRIMING, ROLE, lengths_of, plain_lengths, turn_text

WRAP = PER_MESSAGE + ROLE
_ROLES: st.SearchStrategy[Role] = st.sampled_from(["system", "user", "assistant", "tool", "text", "unknown"])
_TURNS = st.lists(st.tuples(_ROLES, st.lists(st.integers(0, 9), max_size=6)), max_size=8)


def _turn(role: Role, text: str = "", **more: object) -> Turn:
    return Turn(role, text, (), (), **more)  # type: ignore[arg-type]


@given(turns=_TURNS, chat=st.booleans())
def test_plain_lengths_are_those_of_the_example(turns: list[tuple[Role, list[int]]], chat: bool) -> None:
    ids = [tokens for _, tokens in turns]
    example = Example([_turn(role) for role, _ in turns])
    assert plain_lengths(tuple(role for role, _ in turns), ids, chat=chat) == lengths_of(example, ids, chat=chat)


def test_lengths_of_a_chat() -> None:
    example = Example([_turn("system"), _turn("user", name="Ann"), _turn("assistant"), _turn("user"), _turn("assistant")])
    found = lengths_of(example, [[0] * 2, [0] * 3, [0] * 5, [0] * 7, [0] * 11], chat=True)
    total = 28 + 5 * WRAP + NAME + PRIMING
    assert found == Lengths(total=total, trained=16, sequence=total, prompt=17 + 5 * WRAP + NAME)


def test_turns_that_are_not_trained_do_not_count_as_trained() -> None:
    example = Example([_turn("user"), _turn("assistant", trained=False), _turn("user", trained=True)])
    assert lengths_of(example, [[0], [0] * 2, [0] * 4], chat=False) == Lengths(7, 4, 7, 3)


def test_two_answers_are_fed_one_at_a_time() -> None:
    example = Example([_turn("user")], chosen=[_turn("assistant")], rejected=[_turn("assistant")])
    found = lengths_of(example, [[0] * 3, [0] * 5, [0] * 9], chat=False)
    assert (found.total, found.trained, found.sequence) == (17, 14, 12)
    found = lengths_of(example, [[0] * 3, [0] * 9, [0] * 5], chat=False)
    assert (found.total, found.trained, found.sequence) == (17, 14, 12)


def test_records_that_are_tokenised_already_have_their_own_lengths() -> None:
    assert lengths_of(Example([], token_ids=(10, 4)), [], chat=False) == Lengths(10, 4, 10, 6)


def test_calls_and_reasoning_are_read_too() -> None:
    call = ToolCall("weather", {"city": "Bonn"}, ())
    turn = _turn("assistant", "Let me see", calls=(call,), reasoning="hm")
    assert turn_text(turn) == 'hm\nLet me see\nweather\n{"city":"Bonn"}'
