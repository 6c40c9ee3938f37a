"""Everything that is decided about a file before its records are read: which rules run, on which records, with what facts."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from tunelint.core.finding import Severity
from tunelint.engine.reader import Reader
from tunelint.engine.triggers import Triggers
from tunelint.rules import FAMILIES, all_rules
from tunelint.rules.base import AdviceRule, Context, GroupRule, RecordRule, RoleRule, Rule, TallyRule, Trigger, Wake

__all__ = ["Plan", "Selection", "make_plan", "observes"]

_LARGE: Final = 8 << 20
_FIRST_TRIGGER_BIT: Final = 16
_STAGES: Final = {"line": 0, "shape": 1, "meaning": 2}


class Selection(msgspec.Struct, frozen=True):
    """Which rules the user wants, how severe, and with what options."""

    codes: frozenset[str]
    severities: Mapping[str, Severity] = {}
    options: Mapping[str, Mapping[str, object]] = {}


class Plan:
    """The compiled selection for one file.

    `silent` are rules that nobody selected but whose findings make those of selected rules mere consequences: they run, and
    what they say is dropped.
    """

    def __init__(
        self,
        context: Context,
        rules: Iterable[Rule],
        silent: Iterable[Rule],
        severities: Mapping[str, Severity],
        *,
        keep_all: bool = False,
    ) -> None:
        self.context = context
        self.severities = severities
        self.keep_all = keep_all
        """Whether all findings are kept, not only those that are shown."""
        self.silent = frozenset(rule.code for rule in silent)
        running = [rule for rule in (*rules, *silent) if rule.applies(context)]
        families = list(FAMILIES)
        running.sort(key=lambda rule: (families.index(rule.code[:3]), not getattr(rule, "early", False), rule.code))
        self.rules: dict[str, Rule] = {rule.code: rule for rule in running}
        record_rules = [rule for rule in running if isinstance(rule, RecordRule)]
        self.tallies = [rule for rule in running if isinstance(rule, TallyRule)]
        self.groups = [rule for rule in running if isinstance(rule, GroupRule)]
        self.advice = [rule for rule in running if isinstance(rule, AdviceRule)]
        self.later = [rule for rule in self.groups if rule.slow and self.advice]
        """Group rules whose reports an editor waits for as it waits for advice."""
        self.needs_tokens = any(rule.needs_tokens for rule in running)
        triggered: list[tuple[int, tuple[Trigger, ...]]] = []
        self._masks: list[tuple[int, RecordRule]] = []
        self.tally_masks: dict[str, int] = {}
        observed: list[RecordRule | TallyRule] = [*record_rules, *self.tallies]
        for index, rule in enumerate(observed):
            mask = int(rule.wakes & ~Wake.TRIGGER)
            literals = rule.triggers_for(context) if isinstance(rule, RecordRule) else rule.triggers
            if literals:
                bit = 1 << (_FIRST_TRIGGER_BIT + index)
                triggered.append((bit, literals))
                mask |= bit
            if isinstance(rule, RecordRule):
                self._masks.append((mask, rule))
            else:
                self.tally_masks[rule.code] = mask
        size = context.file.size
        self.large = size is not None and size > _LARGE
        """Whether the file is so large that importing numpy pays where tokens are counted."""
        self.always = int(Wake.ALWAYS) if any(mask & Wake.ALWAYS for mask, _ in self._masks) else 0
        self._for_flags: dict[int, tuple[RecordRule, ...]] = {}
        self._role_rules = [rule for rule in record_rules if isinstance(rule, RoleRule)]
        self.reader = Reader(context.format, Triggers(triggered), self._suspicious)

    @property
    def arrays(self) -> bool:
        """Whether token ids are kept in arrays of numpy."""
        return self.large and self.needs_tokens

    def _suspicious(self, speakers: tuple[str, ...]) -> bool:
        return any(True for rule in self._role_rules for _ in rule.find(speakers, self.context))

    def rules_for(self, flags: int) -> tuple[RecordRule, ...]:
        """Return the record rules that a record with these flags concerns, in the order of stages and families."""
        found = self._for_flags.get(flags)
        if found is None:
            woken = [rule for mask, rule in self._masks if mask & flags]
            found = self._for_flags[flags] = tuple(sorted(woken, key=lambda rule: _STAGES[rule.stage]))
        return found


def observes(rule: TallyRule) -> bool:
    """Tell whether a rule looks at records at all, or only at the facts of the file."""
    return type(rule).observe is not TallyRule.observe or type(rule).observe_many is not TallyRule.observe_many


def make_plan(context: Context, selection: Selection, *, keep_all: bool = False) -> Plan:
    """Compile a selection for one file."""
    known = all_rules()

    def make(code: str) -> Rule:
        rule = known[code]
        options = selection.options.get(code)
        return rule(msgspec.convert(options, rule.settings) if options else None)

    chosen = [make(code) for code in known if code in selection.codes]
    needed = {code for rule in chosen if isinstance(rule, RecordRule) for code in rule.unless}
    silent = [make(code) for code in sorted(needed - selection.codes) if code in known and issubclass(known[code], RecordRule)]
    return Plan(context, chosen, silent, selection.severities, keep_all=keep_all)
