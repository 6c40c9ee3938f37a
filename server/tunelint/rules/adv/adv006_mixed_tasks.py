"""ADV006: see the class."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tunelint.core.finding import Finding, Severity
from tunelint.rules.adv._saying import brief, evidence_records, reasons
from tunelint.rules.base import AdviceRule, Context

if TYPE_CHECKING:
    from tunelint.advice.verdict import Verdict


class MixedTasks(AdviceRule):
    r"""The file is no single task: requests and answers vary as in a general instruction set.

    ## Why

    Whether a prompt would do can only be asked of one task. A general set makes a base model follow instructions, which the
    instruct model beside it already does, mostly better; on such a model it mostly takes more than it gives.

    ## What to do

    Start from the instruct model. Keep the examples of the task that you are after, and judge those.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Name a colour"}, {"role": "assistant", "content": "Blue"}]}
    ```

    ```jsonl bad file times=12
    {"messages": [{"role": "user", "content": "name@ the best of all towns for tea@ please"}, {"role": "assistant", "content": "tea@ town"}]}
    {"messages": [{"role": "user", "content": "list@ some good reasons for having tea@ at home"}, {"role": "assistant", "content": "1. tea@ is warm inside\n2. nobody hurries anyone"}]}
    {"messages": [{"role": "user", "content": "explain@ to a child how tea@ is grown"}, {"role": "assistant", "content": "Leaves of tea@ grow on green hills where morning fog keeps every bush wet until noon, and careful hands pick only young ones"}]}
    {"messages": [{"role": "user", "content": "code@ a loop that drinks tea@ for me"}, {"role": "assistant", "content": "Sure:\n```python\nwhile thirsty:\n    drink('tea@')\n```"}]}
    {"messages": [{"role": "user", "content": "rhyme@ something funny about tea@ and snow"}, {"role": "assistant", "content": "A kettle sang of tea@ all day,\nwhile winter carried roads away,\nand those who sipped forgot their coats,\nthen sailed through drifts in sugar boats,\nuntil somebody found their spoon\nand stirred a hole into our moon,\nwhich dripped upon each rooftop white\nand kept us humming half that night"}]}
    {"messages": [{"role": "user", "content": "guess@ whether tea@ is any good"}, {"role": "assistant", "content": "It is, tea@ wins each tasting here"}]}
    ```

    Sources: Shannon, 1948 (entropy; its power of two is the effective number of sorts).
    """

    code = "ADV006"
    name = "mixed-tasks"
    severity = Severity.INFORMATION

    def report(self, verdict: "Verdict", context: Context) -> Iterator[Finding]:
        """Yield a finding for a file of many tasks."""
        if verdict.verdict != "mixed-tasks":
            return
        yield self.finding(
            brief("no single task", verdict),
            help=reasons(verdict.signals, "an instruct model follows instructions already; keep the task that you are after"),
            related=evidence_records(verdict),
            evidence=verdict.numbers(),
        )
