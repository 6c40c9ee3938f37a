"""FMT001: see the class."""

from collections.abc import Iterator

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.formats import all_formats
from tunelint.rules.base import Context, TallyRule, in_words


class UnknownFormat(TallyRule):
    """The records are of no known format.

    ## Why

    A trainer that does not find its columns stops, or trains on nothing: "Cannot find valid samples". Question and answer under
    names of one's own are the commonest case.

    ## What to do

    Rename the columns to those of a format that your trainer reads; the finding names the nearest. `--format` forces a format where
    the guess is wrong. Requests of a batch and its answers are no examples before they are joined. Rules about files, JSON, duplicates
    and text run all the same.

    ## Examples

    ```jsonl good
    {"prompt": "1 + 1 =", "completion": " 2"}
    ```

    ```jsonl bad file
    {"question": "1 + 1 =", "answer": " 2"}
    ```

    ```jsonl bad file
    {"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "gpt-4.1", "messages": [{"role": "user", "content": "1 + 1?"}]}}
    {"custom_id": "2", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "gpt-4.1", "messages": [{"role": "user", "content": "1 + 2?"}]}}
    ```

    ```jsonl bad file
    {"id": "batch_req_1", "custom_id": "1", "response": {"status_code": 200, "body": {"choices": [{"message": {"role": "assistant", "content": "2"}}]}}, "error": null}
    {"id": "batch_req_2", "custom_id": "2", "response": null, "error": {"code": "batch_expired", "message": "not run in time"}}
    ```

    ```jsonl bad file
    {"custom_id": "1", "params": {"model": "claude-opus-4-5", "max_tokens": 9, "messages": [{"role": "user", "content": "1 + 1?"}]}}
    ```

    ```jsonl bad file
    {"custom_id": "1", "result": {"type": "succeeded", "message": {"role": "assistant", "content": [{"type": "text", "text": "2"}]}}}
    ```

    Sources: hiyouga/LlamaFactory issue 4236; openai-python, ``fine_tunes.prepare_data``.
    """

    code = "FMT001"
    name = "unknown-format"
    severity = Severity.ERROR

    def applies(self, context: Context) -> bool:
        """Only files without a format have something to report."""
        return context.format is None

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for the file."""
        facts = context.file
        damaged = facts.damaged and facts.container != "csv"  # broken rows of a table leave its columns what they are
        if not facts.records or facts.foreign_encoding or damaged or not context.readable:
            return
        if context.exchange is not None:
            yield self.finding(f"no training examples but {context.exchange.says}", help=context.exchange.help)
            return
        keys = ", ".join(sorted(context.columns)[:6])
        columns = f" (its keys: {keys})" if keys else ""
        if context.nearest is not None:
            title, lacking = context.nearest
            read = _read_by(context)
            if read and title not in read:
                assert context.target is not None
                yield self.finding(
                    f"no known format{columns}",
                    help=f"convert the data; what {context.target.title} reads is called {in_words(read)} here",
                )
                return
            yield self.finding(
                f"no known format{columns}; nearest is {title}",
                help=f"{title} would need {lacking}; --format forces a format",
            )
            return
        yield self.finding(f"no known format{columns}", help="rename the columns to those of a format that your trainer reads")


def _read_by(context: Context) -> list[str]:
    """Return the titles of the formats that the target reads; none without a target."""
    known = all_formats()
    return [known[name].title for name in context.target.dialects] if context.target is not None else []
