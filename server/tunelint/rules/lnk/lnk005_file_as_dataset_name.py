"""LNK005: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import Link, LinkedDataset, ProjectRule


class FileAsDatasetName(ProjectRule):
    """A config names a file where its tool's loader takes a folder or a dataset on the hub.

    ## Why

    TRL's scripts hand `dataset_name`, and each `path` under `datasets`, to `load_dataset`, and torchtune its `source`. That takes the name of a folder, of a dataset on
    the hub, or of a reader such as `json`; a path to a file is looked up on the hub and not found, though the file is there.

    ## What to do

    Name the folder that holds the file and nothing else, or list it under `datasets` with `path: json` and the file as `data_files`; in
    torchtune write `source: json` and the file as `data_files`.

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

    ```jsonl beside data/train.jsonl times=2000
    {"input": "Name colour @", "output": "Colour @ is green"}
    ```

    ```yaml good
    model:
      _component_: torchtune.models.llama3_1.lora_llama3_1_8b
      lora_attn_modules: ['q_proj', 'k_proj', 'v_proj', 'output_proj']
      apply_lora_to_mlp: True
      lora_rank: 16
      lora_alpha: 32
    tokenizer:
      _component_: torchtune.models.llama3.llama3_tokenizer
      path: /tmp/tokenizer.model
      max_seq_len: 2048
    dataset:
      _component_: torchtune.datasets.instruct_dataset
      source: json
      data_files: data/train.jsonl
      split: train
    optimizer:
      _component_: torch.optim.AdamW
      lr: 3e-4
    loss:
      _component_: torchtune.modules.loss.LinearCrossEntropyLoss
    batch_size: 2
    epochs: 1
    ```

    ```jsonl beside data/train.jsonl times=2000
    {"input": "Name colour @", "output": "Colour @ is green"}
    ```

    ```yaml bad dataset.source
    model:
      _component_: torchtune.models.llama3_1.lora_llama3_1_8b
      lora_attn_modules: ['q_proj', 'k_proj', 'v_proj', 'output_proj']
      apply_lora_to_mlp: True
      lora_rank: 16
      lora_alpha: 32
    tokenizer:
      _component_: torchtune.models.llama3.llama3_tokenizer
      path: /tmp/tokenizer.model
      max_seq_len: 2048
    dataset:
      _component_: torchtune.datasets.instruct_dataset
      source: data/train.jsonl
    optimizer:
      _component_: torch.optim.AdamW
      lr: 3e-4
    loss:
      _component_: torchtune.modules.loss.LinearCrossEntropyLoss
    batch_size: 2
    epochs: 1
    ```

    Sources: datasets 5.2.0, ``load.py`` (``dataset_module_factory``), run on such paths; TRL 1.16, ``scripts/sft.py`` and
    ``scripts/utils.py``; torchtune 0.6.1, ``datasets/_sft.py``.
    """

    code = "LNK005"
    name = "file-as-dataset-name"
    severity = Severity.ERROR
    trainers = frozenset({"trl", "torchtune"})

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield a finding for each dataset that is a file; what scripts of one's own make of a name is theirs."""
        if link.config.takes_any_key:
            return
        for one in (*link.train, *link.evaluation):
            if self._is_file(one):
                yield self.finding(
                    f"{one.ref.name!r} is a file, which load_dataset does not find by its path"[:120],
                    Place(one.ref.at),
                    help="write source: json, and the file as data_files"
                    if link.config.trainer.name == "torchtune"
                    else "name its folder, or list it under datasets with path: json and the file as data_files",
                )

    def _is_file(self, one: LinkedDataset) -> bool:
        """Tell whether a dataset was found as the one file that its name is the path of."""
        name = one.ref.name.rpartition("/")[2]
        if one.state != "found" or one.ref.kind == "file" or one.ref.files:
            return False
        return [file.rpartition("/")[2] for file in one.files] == [name]
