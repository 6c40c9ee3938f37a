"""LNK005: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import Link, LinkedDataset, ProjectRule


class FileAsDatasetName(ProjectRule):
    """A config of TRL names a file where its loader takes a folder or a dataset on the hub.

    ## Why

    TRL's scripts hand `dataset_name`, and each `path` under `datasets`, to `load_dataset`. That takes the name of a folder, of a dataset on
    the hub, or of a reader such as `json`; a path to a file is looked up on the hub and not found, though the file is there.

    ## What to do

    Name the folder that holds the file and nothing else, or list it under `datasets` with `path: json` and the file as `data_files`.

    ## Examples

    ```jsonl beside data/train.jsonl times=2000
    {"prompt": "Name colour @", "completion": "Colour @ is green"}
    ```

    ```yaml good
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: data
    dataset_test_split: train
    eval_strategy: steps
    max_length: 256
    use_peft: true
    learning_rate: 0.0002
    per_device_train_batch_size: 4
    output_dir: out
    ```

    ```jsonl beside data/train.jsonl times=2000
    {"prompt": "Name colour @", "completion": "Colour @ is green"}
    ```

    ```yaml good
    model_name_or_path: Qwen/Qwen3-0.6B
    datasets:
      - path: json
        data_files: data/train.jsonl
    dataset_test_split: train
    eval_strategy: steps
    max_length: 256
    use_peft: true
    learning_rate: 0.0002
    per_device_train_batch_size: 4
    output_dir: out
    ```

    ```jsonl beside data/train.jsonl times=2000
    {"prompt": "Name colour @", "completion": "Colour @ is green"}
    ```

    ```yaml bad dataset_name
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: data/train.jsonl
    dataset_test_split: train
    eval_strategy: steps
    max_length: 256
    use_peft: true
    learning_rate: 0.0002
    per_device_train_batch_size: 4
    output_dir: out
    ```

    Sources: datasets 5.2.0, ``load.py`` (``dataset_module_factory``), run on such paths; TRL 1.16, ``scripts/sft.py`` and ``scripts/utils.py``.
    """

    code = "LNK005"
    name = "file-as-dataset-name"
    severity = Severity.ERROR
    trainers = frozenset({"trl"})

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield a finding for each dataset that is a file; what scripts of one's own make of a name is theirs."""
        if link.config.takes_any_key:
            return
        for one in (*link.train, *link.evaluation):
            if self._is_file(one):
                yield self.finding(
                    f"{one.ref.name!r} is a file, which load_dataset does not find by its path"[:120],
                    Place(one.ref.at),
                    help="name its folder, or list it under datasets with path: json and the file as data_files",
                )

    def _is_file(self, one: LinkedDataset) -> bool:
        """Tell whether a dataset was found as the one file that its name is the path of."""
        name = one.ref.name.rpartition("/")[2]
        return one.state == "found" and not one.ref.files and [file.rpartition("/")[2] for file in one.files] == [name]
