"""LNK004: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Place, Related, Severity
from tunelint.rules.base import Link, LinkedDataset, ProjectRule


class EvaluationIsTraining(ProjectRule):
    """The model is evaluated on what it was trained on.

    ## Why

    The evaluation then measures what was learnt by heart. It gets better for as long as the run goes on, so nobody stops it, and what
    it promises does not come true.

    ## What to do

    Name data that is not trained on: another split, another file, or a share that the tool splits off.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: org/name
        type: alpaca
        split: train
    test_datasets:
      - path: org/name
        type: alpaca
        split: test
    sequence_len: 256
    learning_rate: 0.00002
    ```

    ```yaml bad test_datasets[0].path
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: org/name
        type: alpaca
        split: train
    test_datasets:
      - path: org/name
        type: alpaca
        split: train
    sequence_len: 256
    learning_rate: 0.00002
    ```

    ```json bad validation_file name=job.json
    {"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc", "validation_file": "file-abc"}
    ```

    Sources: OpenAI, description of fine-tuning jobs ("the same data should not be present in both"); Axolotl, `test_datasets`.
    """

    code = "LNK004"
    name = "evaluation-is-training"
    severity = Severity.ERROR

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield each evaluation dataset that is one of the training's."""
        for one in link.evaluation:
            twin = next((other for other in link.train if _same(one, other)), None)
            if twin is not None:
                name = one.ref.files[0] if len(one.ref.files) == 1 else one.ref.name
                yield self.finding(
                    f"the model is evaluated on {name!r}, which it is trained on"[:120],
                    Place(one.ref.at),
                    help="it measures what was learnt by heart: name data that is not trained on",
                    related=_twins(one, twin),
                )


def _same(one: LinkedDataset, other: LinkedDataset) -> bool:
    """Tell whether two datasets are the same: by name and split, or by the bytes of their files."""
    if (one.ref.split or "train") != (other.ref.split or "train") and one.state != "found":
        return False
    if one.ref.name == other.ref.name and one.ref.split == other.ref.split and one.ref.files == other.ref.files:
        return True
    if one.summary is None or other.summary is None:
        return False
    return one.summary.digest != 0 and one.summary.digest == other.summary.digest and one.ref.split == other.ref.split


def _twins(one: LinkedDataset, twin: LinkedDataset) -> tuple[Related, ...]:
    """Return where the data are named for the training, and the files themselves where they lie here."""
    files = dict.fromkeys((*one.files, *twin.files))
    heads = (Related("it is trained on, and evaluated on too", file=file) for file in files)
    return Related("it is trained on here", place=Place(twin.ref.at)), *heads
