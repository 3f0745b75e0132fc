"""The files of a new adapter.

What an adapter does with an instance depends on the variety of its template, so there is one piece
of code for each variety: a parameter, its check, and a method.
"""

import keyword
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files as resources
from string import Template as Text
from typing import Final

from mixer.adapter import RegistrationError, Template, Variety
from mixer.adapter.info import NAME

_TEXTS: Final = resources("mixer.cli.adapter") / "files"
_OURS: Final = frozenset({"mixer", "adapters", "protos", "proxy_client", "benchmarks", "tests"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """What a template of one variety needs; `$method` and `$template` are put in."""

    imports: tuple[str, ...]
    """Of `mixer.adapter`."""
    param: str
    check: str
    method: str
    call: str
    """One call, for the tests."""
    bad_param: str
    """What the check refuses, as an argument of Params."""
    test_imports: tuple[str, ...] = ()
    """Of `mixer.adapter`, for `call` and `bad_param`."""


_PIECES: Final[Mapping[Variety, _Piece]] = {
    Variety.CHECK: _Piece(
        imports=("CheckResult", "Code", "Duration", "Status"),
        param='''    message: str = ""
    """Why requests are denied; empty lets all pass."""
    valid_for: Duration = Duration.parse("5s")
    """How long a client may use an answer again."""
''',
        check="""    if params.valid_for <= 0:
        yield ParamError(field="valid_for", message="must be more than 0")
""",
        method='''    def $method(self, _instance: $template.Instance) -> CheckResult:
        """The same for every request so far: what is decided, write here."""
        params = self._params
        code = Code.PERMISSION_DENIED if params.message else Code.OK
        return CheckResult(
            status=Status(code=code, message=params.message),
            valid_duration_s=params.valid_for.seconds,
            valid_use_count=1000,
        )
''',
        call="handler.$method($template.Instance(name=INSTANCE))",
        bad_param="valid_for=Duration(0)",
        test_imports=("Duration",),
    ),
    Variety.QUOTA: _Piece(
        imports=("QuotaArgs", "QuotaResult"),
        param='''    max_amount: int = 10
    """How much is granted at once."""
''',
        check="""    if params.max_amount < 0:
        yield ParamError(field="max_amount", message="must not be negative")
""",
        method='''    def $method(
        self, _instance: $template.Instance, args: QuotaArgs
    ) -> QuotaResult:
        """Grants up to `max_amount`, and counts nothing so far: what counts, write here."""
        amount = min(args.amount, self._params.max_amount)
        if amount < args.amount and not args.best_effort:
            amount = 0
        return QuotaResult(amount=amount, valid_duration_s=1.0)
''',
        call="handler.$method($template.Instance(name=INSTANCE), QuotaArgs('', 1, False))",
        bad_param="max_amount=-1",
        test_imports=("QuotaArgs",),
    ),
    Variety.REPORT: _Piece(
        imports=(),
        param='''    prefix: str = "$name"
    """What the lines of the log begin with."""
''',
        check="""    if not params.prefix:
        yield ParamError(field="prefix", message="must not be empty")
""",
        method='''    def $method(self, instances: Sequence[$template.Instance]) -> None:
        """Writes them to Mixer's log so far: where they go, write here."""
        for instance in instances:
            self._logger.debug("%s: %s", self._params.prefix, instance)
''',
        call="handler.$method([$template.Instance(name=INSTANCE)])",
        bad_param='prefix=""',
    ),
    Variety.ATTRIBUTE_GENERATOR: _Piece(
        imports=(),
        param='''    default: str = "unknown"
    """What is told of everything."""
''',
        check="""    if not params.default:
        yield ParamError(field="default", message="must not be empty")
""",
        method='''    def $method(self, _instance: $template.Instance) -> $template.Output:
        """Tells the same of everything so far: what is known, write here."""
        return $template.Output($output=self._params.default)
''',
        call="handler.$method($template.Instance(name=INSTANCE))",
        bad_param='default=""',
    ),
}


def skeleton(name: str, templates: Sequence[Template]) -> Mapping[str, str]:
    """The files by their path in the package's folder.

    Raises RegistrationError for a name that no adapter can have.
    """
    module = _module(name)
    values = {
        "name": name,
        "module": module,
        "class_name": "".join(part.capitalize() for part in name.split("-")),
        "names": ", ".join(template.name for template in templates),
        "list": ", ".join(f"{template.name}.TEMPLATE" for template in templates)
        + ("," if len(templates) == 1 else ""),
        **_code(name, templates),
        **_imports(templates),
    }
    texts = {
        "pyproject.toml": "pyproject.toml.txt",
        f"{module}.py": "adapter.py.txt",
        f"test_{module}.py": "test_adapter.py.txt",
        "config/policy.yaml": "policy.yaml.txt",
        "README.md": "README.md.txt",
    }
    return {path: _filled((_TEXTS / text).read_text(), values) for path, text in texts.items()}


def _module(name: str) -> str:
    if NAME.fullmatch(name) is None:
        raise RegistrationError("an adapter's name is a lower-case DNS label, such as my-list")
    module = name.replace("-", "_")
    if keyword.iskeyword(module) or module in sys.stdlib_module_names | _OURS:
        raise RegistrationError(f"there is a module {module!r} already")
    return module


def _code(name: str, templates: Sequence[Template]) -> Mapping[str, str]:
    """The parts of the code that depend on the templates."""
    pieces = list(dict.fromkeys(_PIECES[template.variety] for template in templates))
    each = [(_PIECES[template.variety], _values(template)) for template in templates]
    return {
        "params": _filled("".join(piece.param for piece in pieces), {"name": name}).rstrip(),
        "checks": "".join(piece.check for piece in pieces).rstrip(),
        "methods": "\n".join(_filled(piece.method, of) for piece, of in each).rstrip(),
        "calls": "\n".join(f"        {_filled(piece.call, of)}" for piece, of in each),
        "bad_params": "\n".join(f"        Params({piece.bad_param})," for piece in pieces),
        "instances": "\n".join(_instance(template) for template in templates),
        "actions": ", ".join(f"a-{template.name}" for template in templates),
    }


def _values(template: Template) -> Mapping[str, str]:
    first = next(iter(template.output.__dataclass_fields__)) if template.output else ""
    return {"method": template.method, "template": template.name, "output": first}


def _instance(template: Template) -> str:
    return (
        "---\n"
        "apiVersion: config.istio.io/v1alpha2\n"
        "kind: instance\n"
        f"metadata: {{name: a-{template.name}, namespace: istio-system}}\n"
        f"spec: {{compiledTemplate: {template.name}}}"
    )


def _imports(templates: Sequence[Template]) -> Mapping[str, str]:
    pieces = [_PIECES[template.variety] for template in templates]
    names = {"Env", "Info", "InstanceType", "ParamError"}
    modules = ", ".join(sorted(template.name for template in templates))
    reports = any(template.variety is Variety.REPORT for template in templates)
    in_tests = sorted({name for piece in pieces for name in piece.test_imports})
    return {
        "adapter_imports": ", ".join(sorted(names.union(*(piece.imports for piece in pieces)))),
        "template_imports": modules,
        "collections": "Iterator, Mapping" + (", Sequence" if reports else ""),
        "test_imports": f"from mixer.adapter import {', '.join(in_tests)}\n" if in_tests else "",
    }


def _filled(text: str, values: Mapping[str, str]) -> str:
    return Text(text).substitute(values)
