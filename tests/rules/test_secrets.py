"""Credentials: each form is found, stand-ins are not, real texts have none, and no output shows one."""

import json
import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.running import Shell
from tests.linting import lint
from tests.shared_data import shared_data
from tunelint.engine.triggers import Triggers
from tunelint.report import formats
from tunelint.rules.sec.sec001_secret import SecretInText
from tunelint.text.secrets import masked, may_hold_secrets, secrets_in

ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
BASE32 = string.ascii_uppercase + "234567"


def drawn(alphabet: str, length: int, seed: int = 7) -> str:
    return "".join(random.Random(f"{seed}{alphabet}{length}").choices(alphabet, k=length))


PEM = "-----BEGIN {0}PRIVATE KEY-----\n{1}\n-----END {0}PRIVATE KEY-----"

FORMS = {
    "an OpenAI API key": ["sk-" + drawn(ALNUM, 20) + "T3BlbkFJ" + drawn(ALNUM, 20), "sk-proj-" + drawn(ALNUM + "_-", 74) + "T3BlbkFJ" + drawn(ALNUM, 74)],
    "an Anthropic API key": ["sk-ant-api03-" + drawn(ALNUM + "_-", 93) + "AA"],
    "an OpenRouter API key": ["sk-or-v1-" + drawn(HEX, 64)],
    "a Groq API key": ["gsk_" + drawn(ALNUM, 52)],
    "an xAI API key": ["xai-" + drawn(ALNUM, 80)],
    "a Hugging Face token": ["hf_" + drawn(string.ascii_letters, 34)],
    "a Replicate token": ["r8_" + drawn(ALNUM, 37)],
    "an AWS access key": ["AKIA" + drawn(BASE32, 16), "ASIA" + drawn(BASE32, 16)],
    "a Google API key": ["AIza" + drawn(ALNUM + "_-", 35)],
    "a Google OAuth secret": ["GOCSPX-" + drawn(ALNUM, 28)],
    "an Azure storage key": ["AccountKey=" + drawn(ALNUM + "+/", 86) + "=="],
    "a GitHub token": ["ghp_" + drawn(ALNUM, 36), "ghs_" + drawn(ALNUM, 36), "github_pat_" + drawn(ALNUM, 22) + "_" + drawn(ALNUM, 59)],
    "a GitLab token": ["glpat-" + drawn(ALNUM, 20)],
    "an npm token": ["npm_" + drawn(ALNUM, 36)],
    "a PyPI token": ["pypi-AgEIcHlwaS5vcmc" + drawn(ALNUM + "_-", 120)],
    "a Slack token": ["xoxb-" + drawn("123456789", 12) + "-" + drawn("123456789", 13) + "-" + drawn(ALNUM, 24)],
    "a Stripe key": ["sk_live_" + drawn(ALNUM, 24), "rk_live_" + drawn(ALNUM, 99)],
    "a SendGrid key": ["SG." + drawn(ALNUM, 22) + "." + drawn(ALNUM, 43)],
    "a DigitalOcean token": ["dop_v1_" + drawn(HEX, 64)],
    "a Telegram bot token": ["7" + drawn("123456789", 9) + ":AA" + drawn(ALNUM, 33)],
    "a JSON Web Token": ["eyJhbGciOiJSUzI1NiJ9.eyJ" + drawn(ALNUM, 40) + "." + drawn(ALNUM + "_-", 86)],
    "a private key": [PEM.format("", drawn(ALNUM + "+/", 400)), PEM.format("OPENSSH ", "\n".join(drawn(ALNUM + "+/", 70, line) for line in range(5)))],
    "a password in an address": ["postgres" + "://app:tR8%kd_2pQz@db3.internal-data.net/x", "https" + "://ci:9fKq2mZx7Lw@git.corp.net"],
}  # fmt: skip

STAND_INS = [
    "sk-your-key-here",
    "sk-" + "x" * 48,
    "hf_" + "x" * 34,
    "hf_" + string.ascii_letters[:34],
    "AKIAIOSFODNN7EXAMPLE",
    "AKIA" + "A" * 16,
    "ghp_" + "0" * 36,
    "ghp_" + "0123456789" * 3 + "abcdef",
    "the variable hf_model_name_or_path_of_the_base_model_that_is_tuned",
    "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
    "-----BEGIN PUBLIC KEY-----\n" + drawn(ALNUM, 400) + "\n-----END PUBLIC KEY-----",
    "-----BEGIN CERTIFICATE-----\n" + drawn(ALNUM, 400) + "\n-----END CERTIFICATE-----",
    "postgres://user:password@localhost/db",
    "postgres://user:S3cr3t-Pass@db.prod.net/x",
    "mysql://root:Xk9_w2Lq@localhost:3306",
    "https://user:Xk9_w2Lq@example.com",
    "redis://:${REDIS_PASSWORD}@cache.prod.net",
    "https://x-access-token:${GITHUB_TOKEN}@github.com/a/b",
    "mailto:ada@lovelace.org, at 10:30, https://docs.python.org:443/a@b",
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
    drawn(HEX, 40) + " is a commit, " + drawn(HEX, 64) + " a checksum",
]


@pytest.mark.parametrize("text", STAND_INS)
def test_stand_ins_are_no_secrets(text: str) -> None:
    assert list(secrets_in(text)) == []
    assert masked(text) == text


@pytest.mark.parametrize(("kind", "secret"), [(kind, one) for kind, ones in FORMS.items() for one in ones])
def test_each_form_is_found_where_it_stands(kind: str, secret: str) -> None:
    text = f"Use {secret} for it"
    (found,) = secrets_in(text)
    assert found.kind == kind
    assert text[found.start : found.end] in secret
    row = json.dumps({"a": text}).encode()
    triggers = Triggers([(1, SecretInText.triggers)])
    assert triggers.find(row) == triggers.rows(row, [row], arrays=True)[0] == 1
    assert may_hold_secrets(text.encode())
    record = json.dumps({"messages": [{"role": "user", "content": text}, {"role": "assistant", "content": "Yes"}]})
    assert [one.code for one in lint(record + "\n", ["SEC001"]).diagnostics] == ["SEC001"]


@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=200),
    st.sampled_from([one for ones in FORMS.values() for one in ones]),
)
def test_masks_keep_the_length_and_all_else(text: str, secret: str) -> None:
    whole = f"{text} {secret} {text}"
    shown = masked(whole)
    assert len(shown) == len(whole)
    assert secret not in shown
    assert masked(shown) == shown


@pytest.mark.parametrize("form", formats())
def test_no_output_shows_a_secret(form: str, shell: Shell) -> None:
    token = FORMS["a Hugging Face token"][0]
    told = f"I am {{{{name}}}} {token} as an AI language model"
    record = json.dumps({"messages": [{"role": "user", "content": token}, {"role": "assistant", "content": told}]})
    shell.write("train.jsonl", record + "\n")
    done = shell.run("check", "train.jsonl", "--isolated", "--output-format", form, "--statistics")
    assert "SEC001" in done.out
    assert "QUA005" in done.out
    assert token[3:15] not in done.out + done.err


@pytest.mark.parametrize("folder", ["datasets", "advice"])
def test_published_data_hold_no_secret(folder: str) -> None:
    texts = 0
    for path in sorted(shared_data(folder).rglob("*.json*")):
        report = lint(path.read_bytes(), ["SEC001"], path.name)
        assert [(one.path, one.line, one.message) for one in report.diagnostics] == []
        texts += report.records
    assert texts > 10_000
