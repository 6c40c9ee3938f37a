"""Published measurements that verdicts rest on, with where they stand.

LoRA Land (Zhao et al., 2024, arXiv 2405.00732), table 12: GPT-4 with a prompt of at most one example, against the best of ten
tuned 7B models, each on the metric of its task. The prompts held little, and the model is of early 2024: what tuning adds to a
prompt with examples today is at most that.
"""

from collections.abc import Mapping
from statistics import median
from typing import Final, NamedTuple

__all__ = [
    "BERTSCH",
    "GORILLA",
    "HSIC",
    "KANDPAL",
    "LIMA",
    "LORA_LAND",
    "OPENAI_GUIDE",
    "OVADIA",
    "OWN",
    "SHANNON",
    "TABLLM",
    "WEI",
    "BaseRate",
    "base_rate",
]

LORA_LAND: Final = "LoRA Land, arXiv 2405.00732, table 12"
BERTSCH: Final = "Bertsch et al., In-context learning with long-context models, arXiv 2405.00200"
OVADIA: Final = "Ovadia et al., Fine-tuning or retrieval?, arXiv 2312.05934"
KANDPAL: Final = "Kandpal et al., Language models struggle to learn long-tail knowledge, arXiv 2211.08411"
GORILLA: Final = "Patil et al., Gorilla, arXiv 2305.15334"
TABLLM: Final = "Hegselmann et al., TabLLM: few-shot classification of tabular data, arXiv 2210.10723"
LIMA: Final = "Zhou et al., LIMA, arXiv 2305.11206"
WEI: Final = "Wei et al., Chain-of-thought prompting, arXiv 2201.11903"
HSIC: Final = "Gretton et al., Measuring statistical dependence with Hilbert-Schmidt norms, 2005"
SHANNON: Final = "2 to the power of the entropy"
OPENAI_GUIDE: Final = "OpenAI, supervised fine-tuning guide"
OWN: Final = "counted in this file"

_TABLE: Final[Mapping[str, Mapping[str, tuple[float, float]]]] = {
    "closed labels": {
        "boolq": (0.911, 0.909),
        "dbpedia": (0.965, 0.988),
        "customer support": (1.0, 1.0),
        "qnli": (0.902, 0.931),
        "mmlu": (0.774, 0.589),
        "winogrande": (0.832, 0.84),
        "arc": (0.947, 0.915),
        "cola": (0.864, 0.872),
        "mnli": (0.803, 0.899),
        "mrpc": (0.777, 0.887),
        "qqp": (0.841, 0.883),
        "sst2": (0.942, 0.961),
        "wnli": (0.93, 0.873),
        "hellaswag": (0.805, 0.834),
        "jigsaw": (0.754, 0.867),
    },
    "points on a scale": {"stsb": (0.773, 0.913), "covid": (0.309, 0.843)},
    "entity extraction": {"bc5cdr": (0.89, 0.972), "conll++": (0.742, 0.989)},
    "free text": {
        "e2e nlg": (0.513, 0.552),
        "tldr content": (0.125, 0.23),
        "tldr headline": (0.175, 0.441),
        "viggo": (0.374, 0.505),
        "webnlg": (0.583, 0.681),
        "hellaswag processed": (0.134, 0.261),
    },
    "code": {"magicoder": (0.829, 0.433), "wikisql": (0.909, 0.898)},
}
"""Scores of prompted GPT-4 and of the best tuned model, by what the answers are."""

_CLOSE: Final = 0.05


class BaseRate(NamedTuple):
    """On how many of `tasks` the prompt was within 5 points of tuning, and by how many points tuning led."""

    kind: str
    tasks: int
    within: int
    least: float
    median: float
    most: float

    def __str__(self) -> str:
        lead = f"{self.least:+.0f} to {self.most:+.0f}" if self.tasks <= 2 else f"{self.median:+.0f} in the median"
        return f"a prompted GPT-4 came within 5 points of the best tuned 7B on {self.within} of {self.tasks} such tasks ({lead})"


def base_rate(kind: str) -> BaseRate:
    """Return what was published for a kind of answers."""
    leads = [tuned - prompted for prompted, tuned in _TABLE[kind].values()]
    points = [100 * lead for lead in leads]
    return BaseRate(kind, len(leads), sum(lead <= _CLOSE for lead in leads), min(points), median(points), max(points))
