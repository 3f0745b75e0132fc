"""What is wrong with the params of an opa handler."""

from collections.abc import Iterator, Mapping

from adapters.opa.engine import Engine, EvaluationError, PolicyError
from adapters.opa.params import Params
from adapters.opa_document import path_of
from mixer.adapter import InstanceType, ParamError


def validate(params: Params, _instances: Mapping[str, InstanceType]) -> Iterator[ParamError]:
    """All that is wrong with the params; compiles the policies."""
    if not params.policy:
        yield ParamError(field="policy", message="must be given")
    faulty = list(_policy_errors(params))
    yield from faulty
    try:
        path_of(params.check_method)
    except ValueError as error:
        yield ParamError(field="check_method", message=str(error))
        return
    if params.policy and not faulty:
        yield from _errors_together(params)


def _policy_errors(params: Params) -> Iterator[ParamError]:
    """Of each policy for itself."""
    for index, policy in enumerate(params.policy):
        try:
            Engine((policy,), "data")
        except PolicyError as error:
            yield ParamError(field=f"policy[{index}]", message=str(error))


def _errors_together(params: Params) -> Iterator[ParamError]:
    """What only comes out when the policies are compiled together, or run.

    They are run with an empty document: a function that nobody defines, or a rule that needs
    itself, is told then, if the policies get so far.
    """
    try:
        Engine(params.policy, params.check_method).evaluate({"subject": {}, "action": {}})
    except PolicyError as error:
        yield ParamError(field="policy", message=str(error))
    except EvaluationError as error:
        if str(error).startswith(("Function not found", "Recursion detected")):
            yield ParamError(field="policy", message=str(error))
