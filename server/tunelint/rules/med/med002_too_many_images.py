"""MED002: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Severity
from tunelint.core.record import Record
from tunelint.formats.base import MediaLimits
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.med._media import media_of, refused, who_refuses

_COUNTED: Final = (("image", "images"), ("video", "videos"))


class TooManyImages(RecordRule):
    """A record has more images or videos than are taken.

    ## Why

    Providers refuse the record or leave it out. OpenAI takes 10 images an example, Azure 64, Nova 10 or one video.

    ## What to do

    Split the conversation, or keep the images that the answer is about.

    ## Examples

    ```jsonl good target=openai
    {"messages": [{"role": "user", "content": [{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": {"url": "https://example.com/1.png"}}]}, {"role": "assistant", "content": "A dot."}]}
    ```

    ```jsonl bad messages[0].content[2].video.source.s3Location.uri target=bedrock/nova-lite
    {"schemaVersion": "bedrock-conversation-2024", "messages": [{"role": "user", "content": [{"text": "What are they?"}, {"video": {"format": "mp4", "source": {"s3Location": {"uri": "s3://bucket/1.mp4"}}}}, {"video": {"format": "mp4", "source": {"s3Location": {"uri": "s3://bucket/2.mp4"}}}}]}, {"role": "assistant", "content": [{"text": "Dots."}]}]}
    ```

    Sources: the limits of each target, with date and source, in `formats/targets`.
    """

    code = "MED002"
    name = "too-many-images"
    severity = Severity.ERROR
    wakes = Wake.MEDIA

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding on the first image, and the first video, above the limit."""
        example = record.example
        assert example is not None
        if context.target is None and example.media:
            return  # the providers with such limits do not read media that are listed beside the conversation
        shown = [part for part, _ in media_of(example)]
        for kind, words in _COUNTED:
            found = [part for part in shown if part.kind == kind]

            def above(limits: MediaLimits, number: int = len(found), words: str = words) -> bool:
                most: int | None = getattr(limits, words)
                return most is not None and number > most

            refusal = refused(context, above)
            if refusal is None:
                continue
            most = getattr(context.media, words) if context.target is not None and context.media is not None else None
            yield self.finding(
                f"{len(found)} {words}" + (f", and {context.consumer} takes {most}" if most is not None else " in one record"),
                found[most if most is not None else -1].at,
                severity=refusal.severity,
                help=f"{who_refuses(refusal)}: keep what the answer is about",
                evidence={words: len(found)},
            )
