"""The settings file as a model: field names, types and descriptions are the file format and its JSON schema at once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, get_args

import msgspec
from pydantic import BaseModel, ConfigDict, Field, field_validator

from tunelint.core.example import Method
from tunelint.rules import all_rules, find_rule, matching

__all__ = ["FileSettings", "Settings", "json_schema", "model_at"]

SeverityName = Literal["error", "warning", "information", "hint"]
Selector = Annotated[str, Field(description="A rule's code or name, the beginning of codes such as CHT, or ALL.")]


def _hyphens(name: str) -> str:
    return name.replace("_", "-")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=_hyphens, populate_by_name=False, frozen=True)


def _known(selectors: list[str]) -> list[str]:
    for selector in selectors:
        if not matching(selector):
            raise ValueError(f"no rule is called {selector!r}; `tunelint rules` lists them")
    return selectors


class FileSettings(_Model):
    """Settings for the files that match some patterns; they win over the general ones."""

    files: list[str] = Field(description="Glob patterns, relative to the settings file; `**` crosses folders.", min_length=1)
    target: str | None = Field(None, description="Provider or trainer, optionally with a model: `openai/gpt-4.1`.")
    method: Method | None = Field(None, description="What the training does with the examples.")
    format: str | None = Field(None, description="Force a dataset format instead of finding it out.")
    limit: int | None = Field(None, gt=0, description="Longest example in tokens, such as the trainer's sequence length.")
    tokenizer: str | None = Field(None, description="An encoding of OpenAI, or the path of a tokenizer.json.")


class HardwareSettings(_Model):
    """The GPUs that training runs on."""

    gpu: str | None = Field(None, description="Name of the GPU, such as A10G, A100-80GB or H100; `tunelint prices` lists them.")
    memory_gb: float | None = Field(None, gt=0, description="Memory of one GPU in GB of 10^9 bytes, instead of the GPU's own.")
    gpus: int | None = Field(None, gt=0, description="How many GPUs a run has.")
    usd_hour: float | None = Field(None, ge=0, description="US dollars an hour for one GPU, instead of the dated table's.")


class PriceSettings(_Model):
    """Your own prices of a model, in US dollars for a million tokens; they win over the dated table."""

    provider: str = Field(description="The provider's name as in `target`.")
    model: str = Field(description="The model's name.", min_length=1)
    training_usd: float | None = Field(None, ge=0, description="A million trained tokens.")
    input_usd: float | None = Field(None, ge=0, description="A million input tokens of the base model.")
    cached_usd: float | None = Field(None, ge=0, description="The same when they are found in the prompt cache.")
    output_usd: float | None = Field(None, ge=0, description="A million output tokens of the base model.")
    tuned_input_usd: float | None = Field(None, ge=0, description="A million input tokens of the tuned model.")
    tuned_cached_usd: float | None = Field(None, ge=0, description="The same when they are found in the prompt cache.")
    tuned_output_usd: float | None = Field(None, ge=0, description="A million output tokens of the tuned model.")
    as_of: date | None = Field(None, description="The day of these prices.")


class CostSettings(_Model):
    """How the model is used and what people's time costs: what only you can know."""

    calls_per_month: float | None = Field(None, ge=0, description="Calls a month.")
    prompt_tokens: float | None = Field(None, ge=0, description="Tokens of the static prompt that tuning would make superfluous.")
    input_tokens: float | None = Field(None, ge=0, description="Other input tokens of a call; else the mean of the dataset.")
    output_tokens: float | None = Field(None, ge=0, description="Output tokens of a call; else the mean of the dataset.")
    cache_hit: float | None = Field(None, ge=0, le=1, description="Share of the calls that find the prompt in the cache.")
    hosting_usd_month: float | None = Field(None, ge=0, description="US dollars a month for hosting the tuned model.")
    training_usd: float | None = Field(None, ge=0, description="US dollars of one training run, instead of the estimate.")
    epochs: float | None = Field(None, gt=0, description="Epochs of a run, instead of the provider's default.")
    budget_usd: float | None = Field(None, gt=0, description="Most that a training run may cost: above it CST001 warns.")
    budget_hours: float | None = Field(None, gt=0, description="Longest that a training run may take: above it MEM003 warns.")
    labelling_usd_hour: float | None = Field(None, ge=0, description="What an hour of writing or checking examples costs.")
    minutes_per_example: float | None = Field(None, gt=0, description="Minutes to write or check one example.")
    wanted_examples: int | None = Field(None, ge=0, description="How many examples there shall be in the end.")
    prices: list[PriceSettings] = Field([], description="Your own prices.")


class Settings(_Model):
    """All that ``tunelint.toml``, or ``[tool.tunelint]`` in ``pyproject.toml``, may hold."""

    extend: str | None = Field(None, description="Another settings file to start from, relative to this one.")
    preset: Literal["recommended", "strict"] = Field(
        "recommended", description="Which rules are on: the recommended ones or all."
    )
    select: list[Selector] | None = Field(None, description="Only these rules, instead of those of the preset.")
    extend_select: list[Selector] = Field([], description="Rules that are on beside those of the preset.")
    ignore: list[Selector] = Field([], description="Rules that are off.")
    per_file_ignores: dict[str, list[Selector]] = Field({}, description="Rules that are off for files that match a pattern.")
    severity: dict[Selector, SeverityName] = Field({}, description="Severities that differ from the rules' own.")
    target: str | None = Field(None, description="Provider or trainer, optionally with a model: `openai/gpt-4.1`.")
    method: Method | None = Field(None, description="What the training does with the examples.")
    limit: int | None = Field(None, gt=0, description="Longest example in tokens, such as the trainer's sequence length.")
    tokenizer: str | None = Field(None, description="An encoding of OpenAI, or the path of a tokenizer.json.")
    grader: str | None = Field(None, description="JSON file of the grader that reinforcement data is graded by.")
    validation_files: list[str] = Field(
        [], description="Validation files of the training data, as paths or patterns relative to the settings file."
    )
    evaluation_files: list[str] = Field(
        [], description="Files of what the model is to be evaluated on and must not be trained on."
    )
    files: list[FileSettings] = Field([], description="Settings for some files, the last match wins.")
    exclude: list[str] = Field([], description="Glob patterns of files and folders that a search leaves out.")
    baseline: str | None = Field(None, description="File of known findings that are not reported.")
    fail_on: Literal["error", "warning", "never"] = Field("error", description="Severity from which the exit code is 1.")
    max_findings: int | None = Field(None, gt=0, description="Most findings that a run shows.")
    output_format: str | None = Field(None, description="How findings are written.")
    jobs: int | None = Field(None, gt=0, description="Processes for large files; by default as many as the machine has cores.")
    hardware: HardwareSettings | None = Field(None, description="The GPUs that training runs on.")
    costs: CostSettings | None = Field(None, description="How the model is used and what people's time costs.")
    rules: dict[str, dict[str, Any]] = Field({}, description="Options of rules, under their codes.")

    @field_validator("select", "extend_select", "ignore")
    @classmethod
    def _rules_are_known(cls, value: list[str] | None) -> list[str] | None:
        return _known(value) if value else value

    @field_validator("per_file_ignores")
    @classmethod
    def _ignored_rules_are_known(cls, value: dict[str, list[str]]) -> dict[str, list[str]]:
        for selectors in value.values():
            _known(selectors)
        return value

    @field_validator("severity")
    @classmethod
    def _severe_rules_are_known(cls, value: dict[str, SeverityName]) -> dict[str, SeverityName]:
        _known(list(value))
        return value

    @field_validator("rules")
    @classmethod
    def _options_fit(cls, value: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        for code, options in value.items():
            check_options(code, options)
        return value


def check_options(code: str, options: Mapping[str, Any]) -> None:
    """Raise ValueError for a rule that is not there or options that it does not have."""
    rule = find_rule(code)
    if rule is None:
        raise ValueError(f"no rule is called {code!r}; `tunelint rules` lists them")
    try:
        msgspec.convert({key.replace("-", "_"): item for key, item in options.items()}, rule.settings)
    except msgspec.ValidationError as problem:
        known = ", ".join(field.encode_name.replace("_", "-") for field in msgspec.structs.fields(rule.settings)) or "none"
        raise ValueError(f"{code}: {problem}; its options are: {known}") from problem


def model_at(tables: Sequence[str]) -> type[BaseModel]:
    """Return the model of a table of the file, by the names that lead to it; that of the whole file for one that has none."""
    model: type[BaseModel] = Settings
    for name in tables:
        annotation = next((field.annotation for field in model.model_fields.values() if field.alias == name), None)
        inner = [one for one in (annotation, *get_args(annotation)) if isinstance(one, type) and issubclass(one, BaseModel)]
        if not inner:
            return Settings
        model = inner[0]
    return model


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of the settings file, with the options of each rule."""
    schema = Settings.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Settings of TuneLint"
    schema["properties"]["rules"] = {
        "type": "object",
        "description": "Options of rules, under their codes.",
        "additionalProperties": False,
        "properties": {
            code: _options_schema(rule.settings) for code, rule in all_rules().items() if msgspec.structs.fields(rule.settings)
        },
    }
    return schema


def _options_schema(settings: type[msgspec.Struct]) -> dict[str, Any]:
    _, components = msgspec.json.schema_components([settings])
    found = dict(components[settings.__name__])
    found["properties"] = {name.replace("_", "-"): value for name, value in found.get("properties", {}).items()}
    found.pop("required", None)
    return found
