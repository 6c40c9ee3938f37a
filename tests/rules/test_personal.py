"""Personal data: each entity by form and check digit, nobody's data left alone, values never shown."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.running import Shell
from tests.linting import lint
from tunelint.report import formats
from tunelint.text.personal import ENTITIES, masked_personal, personal_in

FOUND = [
    ("email", "ada.okafor@riverside-dental.org"),
    ("email", "j_mueller+news@mail.uni-bonn.de"),
    ("phone", "+49 228 9129053"),
    ("phone", "+4915170398264"),
    ("phone", "+1 (415) 612-8582"),
    ("phone", "(415) 612-8582"),
    ("phone", "951-704-3374"),
    ("card", "4539 1488 0343 6467"),
    ("card", "4539148803436467"),
    ("card", "3714 996353 98394"),
    ("iban", "DE44 5001 0517 5407 3249 31"),
    ("iban", "GB33BUKB20201555555555"),
    ("national-id", "521-44-9832"),
    ("national-id", "529.982.247-25"),
    ("national-id", "11010519491231002X"),
    ("ip", "84.112.7.201"),
]

NOBODYS = [
    "name@example.com, you@yourdomain.org, git@github.com:a/b.git, noreply@shop.de, a@b.co",
    "https://user:x@host.de/path and @handle and user@localhost",
    "compute@project.iam.gserviceaccount.com",
    "(555) 555-0123, 555-123-4567, 1-800-633-4227, 123-456-7890, +1 234 5678",
    "472547338\n+960397912423686\n-------",
    "4242 4242 4242 4242, 4111111111111111, 378282246310005, 4539 1488 0343 6468, 4212883012996",
    "DE89 3704 0044 0532 0130 00, DE44 5001 0517 5407 3249 32, XX44 5001 0517 5407 3249 31",
    "078-05-1120, 123-45-6789, 000-12-3456, 529.982.247-26, 111.111.111-11, 110105194912310021",
    "192.168.0.1, 10.0.0.7, 127.0.0.1, 8.8.8.8, 203.0.113.9, version 1.2.3.4.5, 999.1.1.1",
    "ISBN 978-3-16-148410-0, 2024-11-25 10:15:30, 3.141592653589793, 1,234,567, 0x1F600",
    "order 20241125-000317, commit 4539148803436467abc, page 415-612",
]


@pytest.mark.parametrize(("entity", "value"), FOUND)
def test_each_entity_is_found_where_it_stands(entity: str, value: str) -> None:
    text = f"Call or pay {value}, please."
    assert [(one.entity, text[one.start : one.end]) for one in personal_in(text, ENTITIES)] == [(entity, value)]


@pytest.mark.parametrize("text", NOBODYS)
def test_nobodys_data_are_left_alone(text: str) -> None:
    assert [(one.entity, text[one.start : one.end]) for one in personal_in(text, ENTITIES)] == []


@given(st.text(alphabet="0123456789 -.+()@aZ", max_size=60))
def test_masks_keep_the_length_and_all_else(text: str) -> None:
    masked = masked_personal(text)
    assert len(masked) == len(text)
    covered = {index for one in personal_in(text, ENTITIES) for index in range(one.start, one.end)}
    assert all((index in covered) or shown == text[index] for index, shown in enumerate(masked))


def test_findings_are_one_for_each_kind_with_the_count_and_entities_can_be_chosen(shell: Shell) -> None:
    text = "ada@riverside-dental.org or bea@riverside-dental.org, from 84.112.7.201"
    shell.write("train.jsonl", json.dumps({"prompt": "Who?", "completion": text}) + "\n")
    run = ("check", "train.jsonl", "--isolated", "--select", "SEC002", "--output-format", "json")
    found = json.loads(shell.run(*run).out)["findings"]
    assert [one["message"] for one in found] == ["an e-mail address stands in the text (2 in this record)"]
    found = json.loads(shell.run(*run, "--config", 'rules.SEC002.entities=["ip"]').out)["findings"]
    assert [one["message"] for one in found] == ["an IP address stands in the text"]


@pytest.mark.parametrize("form", formats())
def test_no_output_shows_the_values(form: str, shell: Shell) -> None:
    values = ["eve.holm@riverside-dental.org", "bea.lund@riverside-dental.org", "951-704-3374"]
    shell.write("train.jsonl", json.dumps({"prompt": "Who?", "completion": " and ".join(values)}) + "\n")
    done = shell.run("check", "train.jsonl", "--isolated", "--select", "SEC002", "--output-format", form)
    assert "SEC002" in done.out
    assert not [value for value in values if value in done.out + done.err]


def test_off_by_itself() -> None:
    report = lint(json.dumps({"prompt": "Who?", "completion": "ada@riverside-dental.org"}) + "\n")
    assert "SEC002" not in {one.code for one in report.diagnostics}
