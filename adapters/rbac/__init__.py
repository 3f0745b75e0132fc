"""Adapter `rbac`: may this subject do this action, by roles and who has them?

The way of a request, and the modules:

=============  ====================================================================
`params`       what a configuration says: roles and bindings, as Istio words them
`validation`   what is wrong with it (pure)
`column`       one field of many rows, made for quick look-ups
`policy`       params → rows and columns; instance → who grants it access (pure)
`handler`      instance → answer; counts and logs what is only tried out
=============  ====================================================================

Names and meaning are those of ServiceRole, ServiceRoleBinding and the enforcement modes of Istio's
`rbac.istio.io/v1alpha1`. The original adapter (istio 1.1 `mixer/adapter/rbac`) read these resources
from a store of its own; here they are params. What differs else says docs/adapters/rbac.md.
"""

from typing import Final

from adapters.rbac.handler import build
from adapters.rbac.params import Params
from adapters.rbac.validation import validate
from mixer.adapter import Info
from mixer.template import authorization

INFO: Final = Info(
    name="rbac",
    description="Lets subjects do what their roles allow.",
    templates=(authorization.TEMPLATE,),
    params=Params,
    build=build,
    validate=validate,
)
