"""MED005: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.med._media import media_of, refused, who_refuses


class MixedMedia(RecordRule):
    """A record has kinds of media that are not taken together.

    ## Why

    Nova trains on images or on a video, never on both in one example, and refuses the file.

    ## What to do

    Split the record into one with the images and one with the video.

    ## Examples

    ```jsonl good target=bedrock/nova-lite
    {"schemaVersion": "bedrock-conversation-2024", "messages": [{"role": "user", "content": [{"image": {"format": "png", "source": {"s3Location": {"uri": "s3://bucket/1.png"}}}}, {"text": "What is it?"}]}, {"role": "assistant", "content": [{"text": "A dot."}]}]}
    ```

    ```jsonl bad messages[0].content[1].video.source.s3Location.uri target=bedrock/nova-lite
    {"schemaVersion": "bedrock-conversation-2024", "messages": [{"role": "user", "content": [{"image": {"format": "png", "source": {"s3Location": {"uri": "s3://bucket/1.png"}}}}, {"video": {"format": "mp4", "source": {"s3Location": {"uri": "s3://bucket/1.mp4"}}}}, {"text": "What are they?"}]}, {"role": "assistant", "content": [{"text": "Dots."}]}]}
    ```

    Sources: Amazon Bedrock, data preparation for Nova; aws-samples, ``nova_ft_dataset_validator.py``.
    """

    code = "MED005"
    name = "mixed-media"
    severity = Severity.ERROR
    wakes = Wake.MEDIA

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding on the first medium of a second kind."""
        example = record.example
        assert example is not None
        shown = [part for part, _ in media_of(example)]
        other = next((part for part in shown if part.kind != shown[0].kind), None)
        refusal = refused(context, lambda limits: not limits.mixed) if other is not None else None
        if other is not None and refusal is not None:
            yield self.finding(
                f"{shown[0].kind} and {other.kind} in one record",
                other.at,
                severity=refusal.severity,
                help=f"{who_refuses(refusal)}: split it",
            )
