"""Starts the process that follows documents."""

from tunelint.analysis.worker import main

if __name__ == "__main__":
    main()
