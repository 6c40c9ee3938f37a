"""MED001: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.example import MediaKind, MediaPart, Turn
from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import Record
from tunelint.formats.base import MediaLimits
from tunelint.rules.base import Context, RecordRule, Refusal, Wake
from tunelint.rules.med._bytes import image_type, looks_like_base64_image, read_data_url
from tunelint.rules.med._media import media_of, refused, who_refuses

_SAME_TYPES: Final = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/x-png": "image/png"}
_WRITTEN_IN_TEXT: Final = "image/svg+xml"
_DATA: Final = len("data:")
_KINDS: Final[dict[MediaKind, str]] = {"image": "an image", "video": "a video", "audio": "a sound"}
_SCHEMES: Final = {
    "http": "a web address",
    "data": "a data URL",
    "s3": "an address on S3",
    "gs": "an address on Google Cloud Storage",
    "path": "the name of a file",
}


class InvalidImage(RecordRule):
    """An image cannot be read, is not what it says, or stands where none may be.

    ## Why

    Providers fetch or decode every image before the run. One that is broken, of a type they do not take, or too large makes
    them refuse the file or leave the record out; an image in a turn of the assistant is nothing that a model could learn to say.

    Only what stands in the record is looked at: nothing is fetched.

    ## What to do

    Write images as `data:image/png;base64,…` with the type that the bytes have, or as an `https://` address. Scale down what is
    above the limit; 10 MB is common.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": [{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="}}]}, {"role": "assistant", "content": "A dot."}]}
    ```

    ```jsonl bad messages[0].content[1].image_url.url
    {"messages": [{"role": "user", "content": [{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo AAAANSUhEUg"}}]}, {"role": "assistant", "content": "A dot."}]}
    ```

    ```jsonl bad messages[0].content[1].image_url.url
    {"messages": [{"role": "user", "content": [{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="}}]}, {"role": "assistant", "content": "A dot."}]}
    ```

    ```jsonl bad messages[1].content[0].image_url.url target=openai
    {"messages": [{"role": "user", "content": "Draw a dot"}, {"role": "assistant", "content": [{"type": "image_url", "image_url": {"url": "https://example.com/dot.png"}}, {"type": "text", "text": "Here."}]}]}
    ```

    Sources: OpenAI's guide to vision fine-tuning (JPEG, PNG, WebP; 10 MB; none in turns of the assistant); Together,
    ``utils/files.py``; aws-samples, validators for Nova and Llama.
    """

    code = "MED001"
    name = "invalid-image"
    severity = Severity.ERROR
    wakes = Wake.MEDIA

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield one finding for each medium that is wrong in some way."""
        example = record.example
        assert example is not None
        for part, turn in media_of(example):
            finding = self._of_place(part, turn, context)
            if finding is None and isinstance(part.source, str):
                finding = self._of_source(record, part, part.source, context)
            if finding is not None:
                yield finding

    def _of_place(self, part: MediaPart, turn: Turn | None, context: Context) -> Finding | None:
        """Return what is wrong with a medium of this kind in this turn."""

        def misplaced(limits: MediaLimits) -> bool:
            return turn is not None and bool(limits.roles) and turn.role not in limits.roles

        refusal = refused(context, misplaced)
        if refusal is not None and turn is not None:
            return self._refused(f"{_KINDS[part.kind]} in a turn of the {turn.speaker or turn.role}", part.at, refusal)
        if turn is None and context.target is None:
            return None  # media listed beside the texts are read by trainers of all kinds, and by no hosted service
        refusal = refused(context, lambda limits: part.kind not in limits.kinds)
        return self._refused(f"{_KINDS[part.kind]}, which is not taken", part.at, refusal) if refusal is not None else None

    def _of_source(self, record: Record, part: MediaPart, source: str, context: Context) -> Finding | None:
        """Return what is wrong with an address, or with the data in it."""
        if not source.strip():
            return self.finding(
                f"the address of {_KINDS[part.kind]} is empty", part.at, help="give the address or remove the part"
            )
        scheme = _scheme(source)
        if scheme == "path" and part.kind == "image" and looks_like_base64_image(source):
            return self.finding(
                "the base64 of an image has no data:TYPE;base64, before it",
                part.at,
                severity=Severity.ERROR if context.target is not None else Severity.WARNING,
                help="most readers take it for the name of a file: write it as a data URL",
            )
        refusal = refused(context, lambda limits: scheme not in limits.sources) if context.target is not None else None
        if refusal is not None:
            return self._refused(f"{_KINDS[part.kind]} given as {_SCHEMES[scheme]}", part.at, refusal)
        return self._of_data(record, part, source, context) if scheme == "data" and part.kind == "image" else None

    def _of_data(self, record: Record, part: MediaPart, source: str, context: Context) -> Finding | None:
        """Return what is wrong with the data of an image."""
        node = record.parsed.find(part.at)
        written = node is not None and node.value == source
        data = read_data_url(source)
        if data.problem:
            place = Place(part.at, chars=(data.at, data.at + 1)) if written and data.at else Place(part.at)
            return self.finding(f"the data URL {data.problem}", place, help="the image cannot be decoded: encode it again")
        claimed = _SAME_TYPES.get(data.mime_type, data.mime_type)
        found = _WRITTEN_IN_TEXT if claimed == _WRITTEN_IN_TEXT else image_type(data.head)
        if found is None:
            return self.finding(
                "the data is no image of a known type", part.at, help="decode it and look: it may be a page of text"
            )
        place = Place(part.at, chars=(_DATA, _DATA + len(data.mime_type))) if written and data.mime_type else Place(part.at)
        if found != claimed:
            return self.finding(
                f"the type is {data.mime_type or 'missing'}, but the bytes are {found}",
                place,
                severity=Severity.ERROR if context.target is not None and context.target.hosted else Severity.WARNING,
                help="write the type that the bytes have: strict decoders refuse the image",
            )
        refusal = refused(context, lambda limits: bool(limits.mime_types) and claimed not in limits.mime_types)
        if refusal is not None:
            return self._refused(f"an image of type {data.mime_type}", place, refusal)
        refusal = refused(context, lambda limits: limits.image_bytes is not None and data.size > limits.image_bytes)
        return self._refused(f"an image of {data.size:,} bytes", Place(part.at), refusal) if refusal is not None else None

    def _refused(self, message: str, place: Place | tuple[str | int, ...], refusal: Refusal) -> Finding:
        return self.finding(message, place, severity=refusal.severity, help=who_refuses(refusal))


def _scheme(source: str) -> str:
    head = source[:8].lower()
    if head.startswith(("http://", "https://")):
        return "http"
    return next((scheme for scheme in ("data", "s3", "gs") if head.startswith(f"{scheme}:")), "path")
