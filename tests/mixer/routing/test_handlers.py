"""Running handlers: made, carried over, closed."""

import threading

import pytest

from mixer.adapter import Clock, Info
from mixer.config.snapshot import HandlerConfig
from mixer.errors import Location
from mixer.routing.handlers import HandlerFactory
from mixer.template import checknothing
from tests.integration.spy import Params, Spy
from tests.patience import SOON_S


def config(info, name="h.ns", **params):
    return HandlerConfig(
        name=name,
        info=info,
        params=info.params(**params),
        instances={},
        place="handler/ns/h",
        location=Location(file="h.yaml", line=3),
    )


def build(factory, *configs, previous=None):
    return factory.build({one.name: one for one in configs}, previous or {})


@pytest.fixture
def factory():
    return HandlerFactory(Clock())


@pytest.fixture
def spy():
    return Spy()


def test_equal_configurations_share_one_handler(factory, spy):
    first = build(factory, config(spy.info)).table
    second = build(factory, config(spy.info), previous=first).table
    assert second["h.ns"] is first["h.ns"]
    assert len(spy.built) == 1


DIFFERENT = [
    lambda spy: config(spy.info, version=2),
    lambda _: config(Spy().info),  # another adapter of the same name
    lambda spy: config(spy.info, name="other.ns"),
]


@pytest.mark.parametrize("other", DIFFERENT)
def test_any_difference_makes_another_one(factory, spy, other):
    first = build(factory, config(spy.info)).table
    second = build(factory, other(spy), previous=first).table
    assert not set(second.values()) & set(first.values())


def test_where_it_was_read_from_makes_no_difference(factory, spy):
    first = build(factory, config(spy.info)).table
    moved = HandlerConfig(
        name="h.ns",
        info=spy.info,
        params=Params(),
        instances={},
        location=Location(file="moved.yaml", line=1),
    )
    assert build(factory, moved, previous=first).table["h.ns"] is first["h.ns"]


def test_what_nobody_holds_any_more_is_closed(factory, spy):
    built = build(factory, config(spy.info))
    assert not spy.closed["h.ns", 0].is_set()
    del built
    assert spy.closed["h.ns", 0].wait(SOON_S)


def test_what_a_factory_that_nobody_holds_had_made_is_closed_and_its_thread_ends(spy):
    closers = []
    spy.closing["h.ns"] = lambda: closers.append(closing_threads())
    before = closing_threads()
    build(HandlerFactory(Clock()), config(spy.info))
    assert spy.closed["h.ns", 0].wait(SOON_S)
    [[closer]] = [found - before for found in closers]
    closer.join(SOON_S)
    assert not closer.is_alive()


def closing_threads():
    return {thread for thread in threading.enumerate() if thread.name == "mixer-closer"}


def test_it_is_closed_on_another_thread(factory, spy):
    closers = []
    spy.closing["h.ns"] = lambda: closers.append(threading.current_thread())
    build(factory, config(spy.info))
    assert factory.drain(SOON_S)
    assert closers != [threading.current_thread()]
    assert len(closers) == 1


def test_drain_waits_for_all_that_was_let_go(factory, spy):
    for version in range(20):
        build(factory, config(spy.info, version=version))
    assert factory.drain(SOON_S)
    assert all(closed.is_set() for closed in spy.closed.values())


def test_drain_gives_up_in_time(factory, spy):
    release = threading.Event()
    spy.closing["h.ns"] = lambda: release.wait(SOON_S)
    build(factory, config(spy.info))
    assert factory.drain(0.01) is False
    release.set()
    assert factory.drain(SOON_S)


def info(build_handler):
    return Info(
        name="odd",
        description="Odd.",
        templates=(checknothing.TEMPLATE,),
        params=Params,
        build=build_handler,
    )


def test_one_that_cannot_be_made_is_an_error_with_its_place_and_no_entry(factory, spy):
    built = build(factory, config(spy.info), config(info(lambda *_: 1 / 0), "odd.ns"))
    assert list(built.table) == ["h.ns"]
    ((place, location),) = ((error.place, str(error.location)) for error in built.errors)
    assert (place, location) == ("handler/ns/h", "h.yaml:3")


class Mute:
    """A handler without the method that its template needs."""

    def __init__(self):
        self.closed = threading.Event()
        self.close = self.closed.set


def test_one_that_lacks_a_method_is_closed_and_an_error(factory):
    mute = Mute()
    built = build(factory, config(info(lambda *_: mute)))
    assert built.table == {}
    assert mute.closed.is_set()
    assert "its handler has no method handle_checknothing" in built.errors[0].message


class Plain:
    """A handler that has nothing to close."""

    def handle_checknothing(self, _instance):
        """Says nothing."""


def test_a_handler_need_not_have_close(factory):
    build(factory, config(info(lambda *_: Plain())))
    assert factory.drain(SOON_S)


def test_its_regular_work_ends_when_it_is_closed_or_was_never_finished(factory):
    schedulers = []

    def failing(_params, env):
        schedulers.append(env.scheduler)
        env.scheduler.every(3600, lambda: None)
        raise OSError

    def lasting(_params, env):
        schedulers.append(env.scheduler)
        env.scheduler.every(3600, lambda: None)
        return Plain()

    build(factory, config(info(failing)), config(info(lasting), "other.ns"))
    assert factory.drain(SOON_S)
    names = {thread.name for thread in threading.enumerate()}
    assert len(schedulers) == 2
    assert not names & {"mixer-h.ns", "mixer-other.ns"}


def test_the_surroundings_tell_a_handler_its_name_and_time(spy):
    found = []

    def remember(_params, env):
        found.append(env)
        return Plain()

    clock = Clock(monotonic=lambda: 5.0, now_ns=lambda: 7)
    build(HandlerFactory(clock), config(info(remember)))

    (env,) = found
    assert (env.handler, env.clock, env.instances) == ("h.ns", clock, {})


def test_letting_go_starts_no_thread(factory, spy):
    # It happens in finalizers, so perhaps in the midst of the start of a thread.
    built = build(factory, config(spy.info))
    before = set(threading.enumerate())
    del built
    assert spy.closed["h.ns", 0].wait(SOON_S)
    assert set(threading.enumerate()) <= before
