"""LLaMA-Factory's registry of datasets, ``dataset_info.json``: no config of a run, but read by each of its configs."""

from typing import Final

from tunelint.core.plan import DatasetRef, TrainingPlan
from tunelint.text.tree import Tree
from tunelint.trainers.base import Config, Draft, Trainer

__all__ = ["KEYS", "SOURCES", "TRAINER"]

SOURCES: Final = ("hf_hub_url", "ms_hub_url", "om_hub_url", "script_url", "cloud_file_name", "file_name")
"""Keys that say where a dataset is; the first that is there is taken."""

_FEW: Final = 3
"""In a registry of no more entries than this every one may have the same misspelt key."""

KEYS: Final = frozenset(
    {
        "file_name", "hf_hub_url", "ms_hub_url", "om_hub_url", "script_url", "cloud_file_name", "formatting", "ranking", "subset",
        "split", "folder", "num_samples", "columns", "tags",
    }
)  # fmt: skip
"""What LLaMA-Factory 0.9.5 reads of an entry (data/parser.py)."""


def _detect(tree: Tree) -> float:
    members = tree.keys().values()
    entries = [one.children for one in members if isinstance(one.children, dict)]
    named = sum(any(key in entry for key in SOURCES) for entry in entries)
    foreign = sum(not KEYS.issuperset(entry) for entry in entries)
    if len(entries) > _FEW and foreign * 2 > len(entries):
        return 0.0  # the registry of another tool that took the form over and added to it
    return 10.0 if entries and len(entries) == len(members) and named * 2 > len(entries) else 0.0


def _plan(config: Config) -> TrainingPlan:
    draft = Draft(config)
    found = []
    for name in config.tree.keys():  # noqa: SIM118  a method, not a mapping
        file = config.get((name, "file_name"))
        if isinstance(file, str) and file:
            found.append(DatasetRef(name=file, at=(name, "file_name"), kind="file"))
    draft.put("datasets", tuple(found))
    return draft.finish()


TRAINER = Trainer(
    name="dataset-info",
    title="LLaMA-Factory",
    version="0.9.5",
    detect=_detect,
    plan=_plan,
    syntaxes=frozenset({"json"}),
    loader="json",
)
