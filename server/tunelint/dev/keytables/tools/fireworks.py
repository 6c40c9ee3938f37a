"""Fireworks' jobs: the parameters of the published client, under their names on the wire."""

from typing import Final

from tunelint.dev.keytables.classes import Field, Reader
from tunelint.dev.keytables.history import commands, history
from tunelint.dev.keytables.shelf import Shelf, Table

_JOBS: Final = {
    "sft": "supervised_fine_tuning_job_create_params.SupervisedFineTuningJobCreateParams",
    "dpo": "dpo_job_create_params.DpoJobCreateParams",
    "rft": "reinforcement_fine_tuning_job_create_params.ReinforcementFineTuningJobCreateParams",
}
_OF_THE_URL: Final = "account_id"


def build(shelf: Shelf) -> Table:
    """Read the newest release: what counts is the service, which has no versions."""
    package = shelf.newest("fireworks-ai")
    reader = Reader(package)
    own = {}
    for job, path in _JOBS.items():
        fields: dict[str, Field] = reader.keys(f"fireworks.types.{path}")
        own[job] = history([(package.version, {name: field for name, field in fields.items() if name != _OF_THE_URL})])
    return Table(commands(own, {}), (package.version,), strict=True, source="typed parameters of the published client")
