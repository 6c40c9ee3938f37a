"""Reading keys out of sources: annotations, fields, releases."""

import ast
import gzip
import io
import tarfile
import zipfile
from pathlib import Path
from textwrap import dedent
from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from tunelint.core.errors import UserError
from tunelint.dev.keytables import TOOLS, encode, trainer_keys
from tunelint.dev.keytables.classes import Field, Reader
from tunelint.dev.keytables.flow import Flow
from tunelint.dev.keytables.history import commands, history, inherited, join
from tunelint.dev.keytables.packages import Package, fetch, firsts_of_minors, version_key
from tunelint.dev.keytables.shapes import Shape, literal, shape_of
from tunelint.dev.keytables.shelf import Table
from tunelint.trainers.keys import tables


def _keys(source: str, name: str = "Config", **others: str) -> dict[str, Field]:
    texts = {"tool/config.py": dedent(source), **{f"tool/{key}.py": dedent(text) for key, text in others.items()}}
    return Reader(Package(texts, "1.0")).keys(f"tool.config.{name}")


@pytest.mark.parametrize(
    ("annotation", "types", "enum"),
    [
        ("int", ("integer",), ()),
        ("Optional[float]", ("number", "null"), ()),
        ("str | list[str] | None", ("string", "array", "null"), ()),
        ("Union[bool, 'str']", ("boolean", "string"), ()),
        ("Literal['a', 'b', None]", ("string", "null"), ("a", "b")),
        ("Literal[1, 2]", ("integer",), (1, 2)),
        ("bool | Literal['auto']", ("boolean", "string"), ("auto",)),
        ("Annotated[int, Field(ge=1)]", ("integer",), ()),
        ("dict[str, int]", ("object",), ()),
        ("typing.Any", (), ()),
        ("Any | None", (), ()),
        ("Unheard", (), ()),
        ("os.PathLike", ("string",), ()),
        ("'list[int]'", ("array",), ()),
        ("tuple[float, float]", ("array",), ()),
        ("PositiveInt", ("integer",), ()),
        ("NotRequired[str]", ("string",), ()),
    ],
)
def test_annotations(annotation: str, types: tuple[str, ...], enum: tuple[Any, ...]) -> None:
    shape = shape_of(ast.parse(annotation, mode="eval").body, lambda name: None)
    assert (shape.types, shape.enum) == (types, enum)


def test_a_text_beside_enumerated_ones_makes_them_mere_suggestions() -> None:
    assert shape_of(ast.parse("Literal['a'] | str", mode="eval").body, lambda name: None).loose
    assert not shape_of(ast.parse("Literal['a'] | bool | None", mode="eval").body, lambda name: None).loose


@pytest.mark.parametrize(
    ("text", "value"), [("1e-5", 1e-5), ("256 << 20", 1 << 28), ("-1", -1), ("(1, 2)", [1, 2]), ("2 * 8", 16)]
)
def test_literals(text: str, value: object) -> None:
    assert literal(ast.parse(text, mode="eval").body) == value


@pytest.mark.parametrize("text", ["f()", "name", "...", "b'x'", "[f()]"])
def test_what_is_no_literal(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        literal(ast.parse(text, mode="eval").body)


def test_dataclass_fields() -> None:
    found = _keys(
        """
        from dataclasses import dataclass, field
        from enum import Enum
        DEFAULT = 7
        class Kind(str, Enum):
            A = "a"
            B = "b"
        @dataclass
        class Base:
            shared: int = 1
            rate: float = field(default=1e-5, metadata={"help": "x"})
        @dataclass
        class Config(Base):
            needed: str
            rate: float = field(default=2e-5)
            many: list[str] = field(default_factory=list)
            targets: list[str] = field(default_factory=lambda: ["q", "v"])
            kind: Kind = Kind.B
            choice: str = field(default="x", metadata={"choices": ["x", "y"]})
            constant: int = DEFAULT
            computed: str = field(default_factory=now)
            hidden: int = field(default=0, init=False)
            registry: ClassVar[dict] = {}
            strategy: Kind | str = "a"
            def __post_init__(self):
                self.strategy = Kind(self.strategy)
        """
    )
    assert list(found) == ["needed", "rate", "many", "targets", "kind", "choice", "constant", "computed", "strategy", "shared"]
    assert found["needed"].required
    assert (found["rate"].default, found["shared"].default) == (2e-5, 1)
    assert (found["many"].default, found["targets"].default) == ([], ["q", "v"])
    assert (found["kind"].default, found["kind"].shape.enum) == ("b", ("a", "b"))
    assert found["choice"].shape.enum == ("x", "y")
    assert (found["constant"].default, found["computed"].default) == (7, UNSET)
    assert found["strategy"].shape.enum == ("a", "b")
    assert not found["strategy"].shape.loose, "its class converts it, so other texts are refused"


def test_pydantic_fields_and_what_is_nested() -> None:
    found = _keys(
        """
        from pydantic import AliasChoices, BaseModel, Field
        from .parts import Part as Piece
        class Open(BaseModel):
            model_config = {"extra": "allow"}
            one: int = 1
        class Config(BaseModel):
            model_config = ConfigDict(extra="forbid")
            size: int = Field(8, ge=1, lt=64)
            parts: list[Piece] | None = Field(default=None, description="words")
            by_name: dict[str, Piece] = {}
            version: int = Field(validation_alias=AliasChoices("version", "v"), default=1)
            old: bool | None = Field(default=None, deprecated="Use `size` instead.")
            open: Open = Open()
            plain: dict | None = None
        """,
        parts="""
        from typing import TypedDict
        class Part(TypedDict, total=False):
            path: str
            inner: "Part"
        """,
    )
    assert found["size"].shape.bounds == (("least", 1.0), ("below", 64.0))
    assert [name for name in found if "." in name] == [
        "parts[].path",
        "parts[].inner",
        "open.one",
    ], "a class that holds itself is followed once"
    assert found["v"] == found["version"]
    assert found["old"].warning == "Use `size` instead."
    assert found["open"].shape.free
    assert found["plain"].shape.free
    assert found["by_name"].shape.free
    assert not found["parts"].shape.free


def test_classes_are_found_through_packages_and_branches() -> None:
    package = Package(
        {
            "tool/__init__.py": "from .inner import Config",
            "tool/inner/__init__.py": "try:\n    from .new import Config\nexcept ImportError:\n    from tool.inner.old import Config\n",
            "tool/inner/old.py": "@dataclass\nclass Config:\n    old: int = 1\n",
            "tool/inner/new.py": "@dataclass\nclass Config:\n    new: int = 1\n",
        }
    )
    assert list(Reader(package).keys("tool.Config")) == ["new"]
    with pytest.raises(KeyError):
        Reader(package).keys("tool.Missing")


def test_typed_dicts_have_names_on_the_wire() -> None:
    found = _keys(
        """
        class Inner(TypedDict, total=False):
            deep: int
        class Config(TypedDict, total=False):
            dataset: Required[str]
            base_model: Annotated[str, PropertyInfo(alias="baseModel")]
            wandb_config: Required[Annotated[Inner, PropertyInfo(alias="wandbConfig")]]
        """
    )
    assert list(found) == ["dataset", "baseModel", "wandbConfig", "wandbConfig.deep"]
    assert [name for name, field in found.items() if field.required] == ["dataset", "wandbConfig"]


def test_arguments_of_a_function_are_keys() -> None:
    package = Package(
        {
            "tool/run.py": dedent(
                """
                @dataclass
                class Train:
                    epochs: int = 1
                    steps: int = 2
                def setup(path: Path, rank: int = 8, train: Train = Train(epochs=5), *, seed: int | None = None, **rest): ...
                class Model:
                    def __init__(self, width: int): ...
                    def fit(self, rate: float = 0.1): ...
                """
            )
        }
    )
    found = Reader(package).arguments("tool.run.setup")
    assert {name: field.default for name, field in found.items()} == {
        "path": UNSET,
        "rank": 8,
        "train": UNSET,
        "train.epochs": 5,
        "train.steps": 2,
        "seed": None,
    }
    assert found["path"].required
    assert list(Reader(package).arguments("tool.run.Model")) == ["width"]
    assert list(Reader(package).arguments("tool.run.Model.fit")) == ["rate"]


def test_a_config_is_followed_through_a_program() -> None:
    package = Package(
        {
            "tool/names.py": 'FP16 = "fp16"\nSTEPS = "steps"\nSTEPS_DEFAULT = 10\n',
            "tool/parts.py": "class Section(BaseModel):\n    model_config = ConfigDict(extra='forbid')\n    size: int = 1\n",
            "tool/config.py": dedent(
                """
                from tool.names import *
                from tool.parts import Section
                def get_param(config, name, default): return config.get(name, default)
                def read_half(config):
                    half = config.get(FP16, {})
                    return get_param(half, "enabled", False)
                class Config:
                    def __init__(self, config):
                        self._config = config
                        self.steps = get_param(config, STEPS, STEPS_DEFAULT)
                        self.half = read_half(config)
                        self.section = Section(**config.get("section", {}))
                        self._rest(copy.copy(config))
                    def _rest(self, given):
                        if "pipeline" in given:
                            for key, value in given["pipeline"].items():
                                print(key, value)
                        other = {"not": "ours"}
                        other["nothing"]
                """
            ),
        }
    )
    flow = Flow(Reader(package), frozenset({"get_param"}))
    flow.follow("tool.config.Config", "config")
    assert set(flow.keys) == {"steps", "fp16", "fp16.enabled", "section", "section.size", "pipeline"}
    assert flow.keys["steps"].default == 10
    assert flow.keys["fp16.enabled"].shape.types == ("boolean", "null")
    assert flow.keys["section"].shape.strict
    assert flow.open_keys == {"pipeline"}


def test_attributes_of_a_config_are_keys_where_it_has_attributes() -> None:
    package = Package(
        {
            "tool/run.py": dedent(
                """
                class Recipe:
                    def setup(self, cfg):
                        self.rate = cfg.optimizer.lr
                        self._log = cfg.get("log_every", 1)
                        self._loader(cfg_data=cfg.dataset)
                    def _loader(self, cfg_data):
                        return cfg_data.packed
                """
            )
        }
    )
    flow = Flow(Reader(package), attributes=True)
    recipe = Reader(package).find("tool.run.Recipe")
    assert recipe is not None
    setup = recipe.method("setup")
    assert setup is not None
    flow.run(setup, {"cfg": ""}, recipe)
    assert set(flow.keys) == {"optimizer", "optimizer.lr", "log_every", "dataset", "dataset.packed"}


def _release(*names: str, **fields: Field) -> dict[str, Field]:
    return {**{name: Field(Shape(("integer",)), 1) for name in names}, **fields}


def test_history_tells_since_and_until() -> None:
    found = history([("1.0", _release("a", "b")), ("1.1", _release("a", "c")), ("1.2", _release("a", "b", "c"))])
    assert {name: (entry.since, entry.until) for name, entry in found.items()} == {
        "a": (None, None),
        "b": (None, None),
        "c": ("1.1", None),
    }
    gone = history([("1.0", _release("a")), ("1.1", {}), ("1.2", {})])["a"]
    assert (gone.since, gone.until) == (None, "1.1")


def test_history_reads_deprecations() -> None:
    warned = Field(Shape(("boolean",)), None, warning="Use `new` instead.")
    valued = Field(Shape(("boolean",)), None, warning="Use `mode: fast` instead.")
    found = history(
        [("1.0", _release("old")), ("1.1", _release(old=warned, flag=valued)), ("1.2", _release(old=warned, flag=valued))]
    )
    assert (found["old"].deprecated, found["old"].replacement, found["old"].instead) == ("1.1", "new", None)
    assert (found["flag"].replacement, found["flag"].instead) == (None, "mode: fast")


def test_inherited_keys_are_cut_at_the_admitted_releases() -> None:
    releases = [
        ("1.0", _release("a", "b")),
        ("2.0", _release("a", "c")),
        ("3.0", _release("a", "c", "d")),
        ("4.0", _release("e")),
    ]
    found = inherited(releases, "lib", "2.0", "3.0")
    assert {name: (entry.since, entry.until) for name, entry in found.items()} == {
        "a": (None, None),
        "b": (None, "lib 2.0"),
        "c": (None, None),
        "d": ("lib 3.0", None),
    }


def test_a_key_is_alive_while_the_tool_or_its_library_has_it() -> None:
    own = history([("1.0", _release("a", "b")), ("1.1", _release("b"))])
    base = inherited([("9.0", _release("a", "x")), ("9.1", _release("a"))], "lib", "9.0", "9.1")
    found = join(own, base)
    assert {name: entry.until for name, entry in found.items()} == {"a": None, "b": None, "x": "lib 9.1"}


def test_commands_list_what_not_all_share() -> None:
    sft = history([("1.0", {"rate": Field(Shape(("number",)), 2e-5), "packing": Field(Shape(("boolean",)), False)})])
    dpo = history([("1.0", {"rate": Field(Shape(("number",)), 1e-6)})])
    base = history([("1.0", _release("seed"))])
    found = commands({"sft": sft, "dpo": dpo}, base)
    assert found["rate"].by_command == {"sft": 2e-5, "dpo": 1e-6}
    assert found["packing"].by_command == {"sft": False}
    assert found["seed"].by_command is None


def test_versions_sort_as_numbers_and_minors_are_picked() -> None:
    assert firsts_of_minors(["0.9.0", "0.10.1", "0.10.0", "1.0.0", "1.0.3"]) == ["0.9.0", "0.10.0", "1.0.0", "1.0.3"]
    assert firsts_of_minors(["0.9.0", "0.10.0"], "0.10") == ["0.10.0"]
    assert version_key("0.10.1") > version_key("0.9.2")


def test_a_table_is_written_a_key_a_line() -> None:
    entries = history([("1.0", _release("a")), ("1.1", _release(b=Field(Shape(("string",), ("x",)), "x")))])
    data = encode("tool", Table(entries, ("1.0", "1.1"), strict=True, source="there"), "2026-11-25")
    assert data.count(b"\n") == 4
    decoded = msgspec.json.decode(data)
    assert decoded["strict"] is True
    assert decoded["keys"] == [
        {"name": "a", "types": ["integer"], "default": 1, "until": "1.1"},
        {"name": "b", "types": ["string"], "default": "x", "enum": ["x"], "since": "1.1"},
    ]


def test_every_tool_has_a_table() -> None:
    assert set(TOOLS) == set(tables())


def test_a_package_that_cannot_be_had_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(project: str) -> list[str]:
        raise UserError(f"pip index failed: no {project} here")

    monkeypatch.setattr("tunelint.dev.keytables.shelf.releases", refuse)
    assert trainer_keys(["unsloth"], tmp_path) == 1
    assert capsys.readouterr().err == "unsloth: pip index failed: no unsloth here\n"


def test_a_wheel_and_a_source_archive_are_read_alike(tmp_path: Path) -> None:
    text = "class Config(BaseModel):\n    size: int = 1\n"
    for version in ("1.0", "1.1"):
        (tmp_path / f"tool-{version}").mkdir()
    with zipfile.ZipFile(tmp_path / "tool-1.0" / "tool-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tool/config.py", text)
        wheel.writestr("tool/data.json.gz", gzip.compress(b'{"a": 1}'))
        wheel.writestr("tool/lib.so", b"\x7fELF")
    with tarfile.open(tmp_path / "tool-1.1" / "tool-1.1.tar.gz", "w:gz") as archive:
        info = tarfile.TarInfo("tool-1.1/src/tool/config.py")
        info.size = len(text)
        archive.addfile(info, io.BytesIO(text.encode()))
    for version in ("1.0", "1.1"):
        package = fetch("tool", version, tmp_path)
        assert list(Reader(package).keys("tool.config.Config")) == ["size"]
        assert package.below("tool") == ["tool/config.py"]
    assert fetch("tool", "1.0", tmp_path).texts["tool/data.json.gz"] == '{"a": 1}'


def test_an_unknown_tool_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert trainer_keys(["nothing"]) == 2
    assert "no such tool: nothing" in capsys.readouterr().err
