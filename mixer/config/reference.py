"""How one resource names another (istio 1.4 `mixer/pkg/runtime/config/util.go`)."""

from collections.abc import Container


def candidates(reference: str, kind: str, namespace: str) -> tuple[str, ...]:
    """The full names that `reference`, to a `kind` and from `namespace`, can mean, in order.

    ==============  ==========================================
    `name`          `name.kind.namespace`
    `a.b`           `a.b.namespace`: b is a legacy kind; then
                    `a.kind.b`: b is a namespace
    all others      taken as they are
    ==============  ==========================================
    """
    match reference.split("."):
        case [name]:
            return (f"{name}.{kind}.{namespace}",)
        case [name, other]:
            return (f"{name}.{other}.{namespace}", f"{name}.{kind}.{other}")
    return (reference,)


def resolve(reference: str, kind: str, namespace: str, known: Container[str]) -> str | None:
    """The full name that is meant; None where none of them is known."""
    return next((n for n in candidates(reference, kind, namespace) if n in known), None)
