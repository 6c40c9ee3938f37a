"""SEC001: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import ABSENT, Record, leaves
from tunelint.rules.base import Context, RecordRule, Sought, Wake
from tunelint.text.secrets import PATTERNS, secrets_in


class SecretInText(RecordRule):
    r"""A text holds a credential.

    ## Why

    A model can be made to say what it was trained on, word for word, and the file is uploaded, copied and kept on the way there.
    Whoever gets hold of the model or the file has the key.

    Credentials are recognised by the forms that their issuers gave them: keys of OpenAI, Anthropic, Google, AWS, Azure, Hugging
    Face, GitHub, GitLab, Slack, Stripe and others, private keys, JSON Web Tokens, and passwords in addresses. Random looking text
    is not enough, and neither is what documentation writes in place of a key. The value is never printed, by no rule: where it
    stands in what a report shows, there are dots.

    Every record is scanned for some twenty beginnings, which takes 1 to 1.5 microseconds a kilobyte, most of it for underscores and
    hyphens of source code.

    ## What to do

    Revoke the credential first: it has been copied. Then replace it in every record with a word such as `API_KEY`.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Where does the key go?"}, {"role": "assistant", "content": "Write export HF_TOKEN=hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx and connect to postgres://user:password@localhost:5432/db"}]}
    ```

    ```jsonl good
    {"messages": [{"role": "user", "content": "What does an access key of AWS look like?"}, {"role": "assistant", "content": "Like this one: AKIAIOSFODNN7EXAMPLE, which AWS uses in its documentation."}]}
    ```

    ```jsonl bad messages[1].content escaped
    {"messages": [{"role": "user", "content": "Where does the key go?"}, {"role": "assistant", "content": "Write export HF_TOKEN=\x68f_qJvKzWmRtYbNcXsLpGhDfAeUiOqWzTnMbV before you start"}]}
    ```

    ```jsonl bad data.url escaped also=FMT001
    {"data": {"url": "postgres\x3a//reports:vK9*-qT2w_Zr@db7.internal-data.net/sales"}}
    ```

    Sources: Carlini et al., Extracting training data from large language models, 2012.07805; GitHub, "Behind GitHub's new
    authentication token formats"; RFC 7468 and RFC 7519 for private keys and tokens.
    """

    code = "SEC001"
    name = "secret"
    severity = Severity.ERROR
    wakes = Wake.TRIGGER
    triggers = tuple(Sought(pattern, pieces) for pattern, pieces in PATTERNS.items())
    stage = "line"
    unless = frozenset({"FIL001", "FIL008", "JSN001"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for each credential in a string of the record, whatever the string is for."""
        if record.value is ABSENT:
            return
        for path, text in leaves(record.value):
            for secret in secrets_in(text):
                yield self.finding(
                    f"{secret.kind} of {secret.end - secret.start} characters stands in the text",
                    Place(path, chars=(secret.start, secret.end)),
                    help="revoke it, then take it out of every record: a model repeats what it has learnt",
                    evidence={"kind": secret.kind.partition(" ")[2]},
                )
