"""The requests of the scenarios that come with the project.

Of those that a cache may answer, 90 of 100 are allowed, 5 are denied by user and 5 by path. Of
fresh ones 95 are allowed and 5 are denied by path: a user who is on a list can't be one whom nobody
has seen before. So the less may be answered from a cache, the fewer are denied by user.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from benchmarks.load.plan import requests_for
from benchmarks.scenario import FRESH, NativePolicy, RequestKind, Workload
from benchmarks.scenarios.policy import GROUP_HEADER, USER_HEADER

_GROUPS: Final = ("free", "paid", "staff")
_PATHS: Final = ("/books", "/books/1", "/carts/17", "/orders?page=2", "/static/site.css")
_ALLOWED_USER_COUNT: Final = 18
_ALLOWED_WEIGHT: Final = 30  # 18 · 30 = 540, nine tenths of 600
_DENIED_WEIGHT: Final = 30  # a twentieth
_DENIED_USER_COUNT: Final = 3
_FRESH_ALLOWED_WEIGHT: Final = 19  # for each group: 57, nineteen twentieths of 60
_FRESH_DENIED_WEIGHT: Final = 3
_PLAIN: Final = (("user-agent", "benchmark/1.0"), ("accept", "*/*"))


def request_kinds(policy: NativePolicy, workload: Workload) -> Sequence[RequestKind]:
    """What is asked, `workload.hit_share` of it such that a cache may answer."""
    kinds = [*_repeated(policy, workload), *_fresh(policy, workload)]
    return requests_for(kinds, workload.hit_share)


def _repeated(policy: NativePolicy, workload: Workload) -> Iterator[RequestKind]:
    for number in range(_ALLOWED_USER_COUNT):
        path = _PATHS[number % len(_PATHS)]
        headers = _headers(f"user-{number}", number, workload)
        yield RequestKind(path=path, headers=headers, weight=_ALLOWED_WEIGHT)
    for number, user in enumerate(policy.denied_users[:_DENIED_USER_COUNT]):
        yield RequestKind(
            path=_PATHS[0],
            headers=_headers(user, number, workload),
            weight=_DENIED_WEIGHT // _DENIED_USER_COUNT,
            status=403,
        )
    paths = _some_denied_paths(policy)
    for number, path in enumerate(paths):
        yield RequestKind(
            path=path,
            headers=_headers(f"user-{number}", number, workload),
            weight=_DENIED_WEIGHT // len(paths),
            status=403,
        )


def _fresh(policy: NativePolicy, workload: Workload) -> Iterator[RequestKind]:
    for number in range(len(_GROUPS)):
        headers = _headers(f"user-{FRESH}", number, workload)
        yield RequestKind(path=_PATHS[number], headers=headers, weight=_FRESH_ALLOWED_WEIGHT)
    yield RequestKind(
        path=_some_denied_paths(policy)[-1],
        headers=_headers(f"user-{FRESH}", 0, workload),
        weight=_FRESH_DENIED_WEIGHT,
        status=403,
    )


def _some_denied_paths(policy: NativePolicy) -> Sequence[str]:
    # The first, one in the middle and the last: whoever tries one rule after the other, needs to
    # try more or fewer of them.
    paths = policy.denied_paths
    return list(dict.fromkeys((paths[0], paths[len(paths) // 2], paths[-1])))


def _headers(user: str, number: int, workload: Workload) -> tuple[tuple[str, str], ...]:
    own = (
        (USER_HEADER, user),
        (GROUP_HEADER, _GROUPS[number % len(_GROUPS)]),
        *_PLAIN,
    )
    more = range(len(own), workload.attribute_count)
    return (*own, *((f"x-attribute-{index:02}", f"value-of-{index:02}") for index in more))
