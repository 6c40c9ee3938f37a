"""LNK001: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.rules.base import Link, LinkedDataset, ProjectRule
from tunelint.trainers.base import Config


class MissingDataset(ProjectRule):
    """A dataset that the config names is not there.

    ## Why

    The run ends when it opens its data, mostly after the model was loaded. LLaMA-Factory looks a name up in `dataset_info.json`, and
    does not know one that is not in there.

    ## What to do

    Correct the name, or add the entry. A relative path is looked for from the config's folder and from those above it. Datasets on a
    hub, and paths of another machine, are not reported; the report says that nobody could look at them.

    ## Fix

    A name that is one or two letters away from an entry of the registry that the config does not name yet is replaced by it. The fix
    is unsafe: the name that was written is dropped.

    ## Examples

    ```jsonl beside data/train.jsonl times=200
    {"instruction": "Name colour @", "output": "Colour @ is green"}
    ```

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: data/train.jsonl
        type: alpaca
    sequence_len: 256
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    learning_rate: 0.0002
    val_set_size: 0.05
    ```

    ```jsonl beside data/train.jsonl times=200
    {"instruction": "Name colour @", "output": "Colour @ is green"}
    ```

    ```yaml bad datasets[0].path
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: data/trian.jsonl
        type: alpaca
    sequence_len: 256
    learning_rate: 0.00002
    val_set_size: 0.05
    ```

    ```json beside data/dataset_info.json
    {"identity": {"hf_hub_url": "org/identity"}}
    ```

    ```yaml bad dataset
    model_name_or_path: Qwen/Qwen3-0.6B
    stage: sft
    finetuning_type: lora
    template: qwen3
    dataset: identty
    output_dir: saves
    learning_rate: 1.0e-4
    val_size: 0.05
    bf16: true
    ```

    ```yaml fixed
    model_name_or_path: Qwen/Qwen3-0.6B
    stage: sft
    finetuning_type: lora
    template: qwen3
    dataset: identity
    output_dir: saves
    learning_rate: 1.0e-4
    val_size: 0.05
    bf16: true
    ```

    A name that the config has already is not what another one was meant to be: to train twice on it is no fix.

    ```json beside data/dataset_info.json
    {"mine": {"hf_hub_url": "org/mine"}}
    ```

    ```yaml bad dataset
    model_name_or_path: Qwen/Qwen3-0.6B
    stage: sft
    finetuning_type: lora
    template: qwen3
    dataset: mine,mine2
    output_dir: saves
    learning_rate: 1.0e-4
    val_size: 0.05
    bf16: true
    ```

    Sources: LLaMA-Factory 0.9.5, data/parser.py; Axolotl 0.19.0, utils/data; mistral-finetune validates its files too.
    """

    code = "LNK001"
    name = "missing-dataset"
    severity = Severity.ERROR
    fix = "unsafe"

    def concerns(self, config: Config) -> bool:
        """Tell whether the config names data of a run."""
        return config.trainer.name != "dataset-info"

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield a finding for each dataset that is not there."""
        for one in (*link.train, *link.evaluation):
            if one.state == "unlisted":
                yield self._unlisted(link, one)
            elif one.state == "missing":
                yield self._missing(one)

    def _unlisted(self, link: Link, one: LinkedDataset) -> Finding:
        meant = f"; {one.suggestion!r} is probably meant" if one.suggestion else ""
        written = link.config.get(one.ref.at)
        fix = None
        if one.suggestion and isinstance(written, str):
            names = [one.suggestion if name.strip() == one.ref.name else name.strip() for name in written.split(",")]
            fix = Fix(
                f"write {one.suggestion!r}, dropping {one.ref.name!r}", "unsafe", (Edit("replace", one.ref.at, ",".join(names)),)
            )
        return self.finding(
            f"{one.registry} has no dataset {one.ref.name!r}{meant}"[:120],
            Place(one.ref.at),
            help="the run ends when it looks the name up: correct it, or add an entry",
            fix=fix,
        )

    def _missing(self, one: LinkedDataset) -> Finding:
        if one.registry:
            message = f"{one.ref.name!r} is the file {one.files[0]!r}, which is not there"
            help_line = f"{one.registry} names it: put the file there, or correct file_name"
        else:
            message = f"there is no {one.ref.files[0] if one.ref.files and one.ref.kind == 'either' else one.ref.name!r}"
            help_line = "it was looked for from the config's folder and those above it; correct the path, or make the file"
        return self.finding(message[:120], Place(one.ref.at), help=help_line)
