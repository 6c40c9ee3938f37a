"""How far two short texts are apart."""

__all__ = ["within"]


def within(one: str, other: str, most: int) -> bool:
    """Tell whether at most `most` letters have to be added, removed, replaced or swapped with their neighbour."""
    if abs(len(one) - len(other)) > most:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for index, letter in enumerate(one, start=1):
        older, before = before, row
        row = [index]
        for column, second in enumerate(other, start=1):
            cost = min(before[column] + 1, row[-1] + 1, before[column - 1] + (letter != second))
            if index > 1 and column > 1 and letter == other[column - 2] and one[index - 2] == second:
                cost = min(cost, older[column - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return False
    return row[-1] <= most
