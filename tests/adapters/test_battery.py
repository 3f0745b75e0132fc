"""The adapters that need nothing outside, each put through what every adapter must stand."""

from pathlib import Path

from adapters import denier, listchecker, lookup, memquota, noop
from adapters.memquota.params import Override, Quota
from mixer.adapter import Duration, InstanceType, QuotaArgs, ValueType, Variety
from mixer.adapter.testing import Battery
from mixer.template import checknothing, listentry, quota
from mixer.template.lookup import Instance as Key

NAME = "test.instance.istio-system"
ASK_FOR_ONE = QuotaArgs(deduplication_id="", amount=1, best_effort=True)
SECOND = Duration.parse("1s")
NEGATIVE = Duration(-1)


class TestDenier(Battery):
    info = denier.INFO
    bad_params = (
        denier.Params(valid_duration=NEGATIVE),
        denier.Params(valid_use_count=-1),
        denier.Params(valid_use_count=1 << 31),
        denier.Params(status=denier.StatusParams(code=1 << 31)),
        denier.Params(status=denier.StatusParams(details=(denier.Detail(type="unknown"),))),
    )

    def ask(self, handler):
        handler.handle_checknothing(checknothing.Instance(name=NAME))
        handler.handle_listentry(listentry.Instance(name=NAME, value="v"))
        handler.handle_quota(quota.Instance(name=NAME), ASK_FOR_ONE)


class TestListcheckerOfOverrides(Battery):
    info = listchecker.INFO
    bad_params = (
        listchecker.Params(caching_interval=NEGATIVE),
        listchecker.Params(caching_use_count=-1),
        listchecker.Params(
            overrides=("10.0.0.0/33",), entry_type=listchecker.EntryType.IP_ADDRESSES
        ),
        listchecker.Params(overrides=("(",), entry_type=listchecker.EntryType.REGEX),
        listchecker.Params(provider_url="ftp://127.0.0.1/list"),
        listchecker.Params(provider_url="http://127.0.0.1/list", refresh_interval=Duration(0)),
        listchecker.Params(provider_url="http://127.0.0.1/list", ttl=SECOND),
    )

    def params(self):
        return listchecker.Params(
            overrides=("10.0.0.0/8",), entry_type=listchecker.EntryType.IP_ADDRESSES
        )

    def ask(self, handler):
        handler.handle_listentry(listentry.Instance(name=NAME, value=b"\x0a\0\0\1"))
        handler.handle_listentry(listentry.Instance(name=NAME, value="192.0.2.1"))
        handler.handle_listentry(listentry.Instance(name=NAME, value="no address"))


class TestListcheckerOfAFile(Battery):
    info = listchecker.INFO

    def params(self):
        return listchecker.Params(provider_url=str(Path(__file__)))

    def ask(self, handler):
        handler.handle_listentry(listentry.Instance(name=NAME, value="a line that is not there"))


class TestLookup(Battery):
    info = lookup.INFO

    def params(self):
        return lookup.Params(table={"a": {"value": "b"}}, default={"value": "nobody"})

    def ask(self, handler):
        handler.generate_lookup(Key(name=NAME, key="a"))
        handler.generate_lookup(Key(name=NAME, key="unknown"))


class TestMemquota(Battery):
    info = memquota.INFO
    instances = {  # noqa: RUF012 - as in the class above it
        NAME: InstanceType(template="quota", fields={"dimensions": {"source": ValueType.STRING}})
    }
    bad_params = (
        memquota.Params(),
        memquota.Params(quotas=(Quota(name=NAME), Quota(name=NAME))),
        memquota.Params(quotas=(Quota(name=NAME, max_amount=-1),)),
        memquota.Params(quotas=(Quota(name=NAME, valid_duration=NEGATIVE),)),
        memquota.Params(quotas=(Quota(name=NAME, overrides=(Override(max_amount=-1),)),)),
        memquota.Params(quotas=(Quota(name=NAME),), min_deduplication_duration=Duration(0)),
    )

    def params(self):
        override = Override(dimensions={"source": "b"}, max_amount=5, valid_duration=SECOND)
        return memquota.Params(
            quotas=(Quota(name=NAME, max_amount=1000, overrides=(override,)),),
        )

    def ask(self, handler):
        for source in ("a", "b"):
            instance = quota.Instance(name=NAME, dimensions={"source": source})
            handler.handle_quota(instance, ASK_FOR_ONE)


def question(template):
    """The arguments of one call of a template's method."""
    instance = template.instance(name=NAME)
    match template.variety:
        case Variety.QUOTA:
            return instance, ASK_FOR_ONE
        case Variety.REPORT:
            return ([instance],)
    return (instance,)


class TestNoop(Battery):
    info = noop.INFO
    questions = tuple((one.method, question(one)) for one in noop.INFO.templates)

    def ask(self, handler):
        for method, arguments in self.questions:
            getattr(handler, method)(*arguments)
