"""What a training run takes and costs: tokens, money, memory, hours, and when it pays back. Pure functions over plain data.

Prices and hardware are dated tables beside this package; nothing here reads a clock, the network or the environment.
"""
