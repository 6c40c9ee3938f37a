"""The command line, one module a subcommand. Each has `NAME`, `HELP`, `add_arguments(parser)` and `run(arguments, console)`."""
