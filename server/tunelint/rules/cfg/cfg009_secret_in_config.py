"""CFG009: see the class."""

import re
from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.text.parse import Path
from tunelint.text.secrets import may_hold_secrets, secrets_in
from tunelint.trainers.base import Config

_KEY: Final = re.compile(
    r"(?:^|_)(?:api_?key|access_key|secret|password|passwd|(?:hf|hub|wandb|auth|access|api|github|swanlab|comet)_token)$"
)
_TRACKERS: Final = {"wandb", "swanlab", "comet", "comet_ml"}
"""Sections in which a plain `key` is a credential."""

_NAMED: Final = re.compile(r"key|secret|passw|token", re.IGNORECASE)
_RANDOM: Final = re.compile(r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_+/=.-]{20,}")
"""What stands under a key for credentials is one if it is long, in one piece, and of letters and digits."""

_STAND_IN: Final = re.compile(r"your|example|xxx|placeholder|change|dummy|\$|<|\{|env|(.)\1{5}", re.IGNORECASE)


class SecretInConfig(ConfigRule):
    r"""A credential is written into the config.

    ## Why

    Configs are committed, uploaded with the checkpoint, and logged by experiment trackers. A key that was in one has to be taken for
    known.

    ## What to do

    Revoke the credential, and give it to the run in an environment variable: every tool reads `HF_TOKEN` and `WANDB_API_KEY`.

    ## Examples

    ```json good name=job.json
    {"model": "meta-llama/Meta-Llama-3.1-8B-Instruct-Reference", "training_file": "file-1", "validation_file": "file-2", "n_evals": 2,
     "learning_rate": 0.0001, "hf_api_token": "${HF_TOKEN}"}
    ```

    ```json bad hf_api_token escaped name=job.json
    {"model": "meta-llama/Meta-Llama-3.1-8B-Instruct-Reference", "training_file": "file-1", "validation_file": "file-2", "n_evals": 2,
     "learning_rate": 0.0001, "hf_api_token": "\x68f_qJvKzWmRtYbNcXsLpGhDfAeUiOqWzTnMbV"}
    ```

    ```json bad wandb_api_key escaped name=job.json
    {"model": "meta-llama/Meta-Llama-3.1-8B-Instruct-Reference", "training_file": "file-1", "validation_file": "file-2", "n_evals": 2,
     "learning_rate": 0.0001, "wandb_api_key": "\x33f9c1b7ad2e84560c1f7be92d3a64508e7d1c2ba"}
    ```

    Sources: the forms of SEC001; mistral-finetune refuses a WANDB key in its config.
    """

    code = "CFG009"
    name = "secret-in-config"
    severity = Severity.ERROR

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield the credentials among the values, without showing them."""
        text = config.tree.text
        if _NAMED.search(text) is None and not may_hold_secrets(text.encode("utf-8", "surrogateescape")):
            return
        for path, entry in config.tree.walk():
            if not entry.scalar or not entry.text:
                continue
            kind = next((secret.kind for secret in secrets_in(entry.text)), "")
            if not kind and _for_credentials(path) and _RANDOM.fullmatch(entry.text) and not _STAND_IN.search(entry.text):
                kind = "a credential"
            if kind:
                yield self.finding(
                    f"{kind} is written into the config",
                    Place(path, "key"),
                    help="revoke it, and give it to the run in an environment variable",
                )


def _for_credentials(path: Path) -> bool:
    name = str(path[-1]).casefold()
    return _KEY.search(name) is not None or (name == "key" and len(path) > 1 and path[-2] in _TRACKERS)
