"""The reasons of the scorecard, by what they look at. Each is a function of the signals that gives a verdict where it holds."""
