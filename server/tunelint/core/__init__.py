"""Plain data that the rest of the house passes around. No I/O, no rules, no formats."""
