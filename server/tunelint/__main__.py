"""``python -m tunelint``, and the entry point of the command."""

import gc
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    from tunelint.cli.main import run

    code = run(sys.argv[1:])
    gc.freeze()  # an interpreter that ends looks through all that is left for cycles, for a tenth of a short run
    sys.exit(code)


if __name__ == "__main__":
    main()
