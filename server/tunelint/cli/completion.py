"""``tunelint completion``: shell completion."""

import argparse
from typing import Final

from tunelint.cli.console import Console

__all__ = ["DESCRIPTION", "HELP", "add_arguments", "run"]

HELP: Final = "print a script for shell completion"
DESCRIPTION: Final = 'Print a completion script: for bash, `eval "$(tunelint completion bash)"` in ~/.bashrc.'

_BASH: Final = """\
_tunelint() {
    local word="${COMP_WORDS[COMP_CWORD]}" command="${COMP_WORDS[1]}"
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "@COMMANDS@" -- "$word"))
        return
    fi
    case "$command" in
@CASES@
    esac
    case "$word" in
        -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
        *) COMPREPLY=($(compgen -W "$words" -- "$word") $(compgen -f -- "$word")) ;;
    esac
}
complete -o filenames -F _tunelint tunelint
"""
_ZSH: Final = "autoload -U +X bashcompinit && bashcompinit\n"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("shell", choices=("bash", "zsh", "fish"))


def _commands() -> dict[str, tuple[str, list[str], list[str]]]:
    """Return help, options and words of each command."""
    from tunelint.cli.main import build_parser
    from tunelint.rules import all_rules

    subparsers = next(action for action in build_parser()._actions if isinstance(action, argparse._SubParsersAction))
    helps = {action.dest: action.help or "" for action in subparsers._choices_actions}
    found = {}
    for name, parser in subparsers.choices.items():
        actions = parser._actions
        options = [option for action in actions for option in action.option_strings if option.startswith("--")]
        words = [str(choice) for action in actions if not action.option_strings for choice in action.choices or ()]
        if name == "rule":
            words = [word for code, rule in all_rules().items() for word in (code, rule.name)]
        found[name] = (helps.get(name, ""), options, words)
    return found


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Print the script of a shell."""
    commands = _commands()
    if arguments.shell == "fish":
        lines = ["complete -c tunelint -n __fish_use_subcommand -f\n"]
        for name, (text, options, words) in commands.items():
            lines.append(f"complete -c tunelint -n __fish_use_subcommand -f -a {name} -d '{text}'\n")
            seen = f"-n '__fish_seen_subcommand_from {name}'"
            lines += [f"complete -c tunelint {seen} -l {option.removeprefix('--')}\n" for option in options]
            if words:
                lines.append(f"complete -c tunelint {seen} -f -a '{' '.join(words)}'\n")
        console.write(lines)
        return 0
    cases = [
        f'        {name}) local options="{" ".join(options)}" words="{" ".join(words)}" ;;'
        for name, (_, options, words) in commands.items()
    ]
    script = _BASH.replace("@COMMANDS@", " ".join(commands)).replace("@CASES@", "\n".join(cases))
    console.write([_ZSH if arguments.shell == "zsh" else "", script])
    return 0
