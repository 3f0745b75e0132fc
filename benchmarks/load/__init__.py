"""Makes load and times the answers: an open loop whose requests leave when they are meant to.

`run_load(plan)` runs the generator as a process of its own and gives what came of it. How the
parts hang together:

| Part | Does |
|---|---|
| plan, record | the generator's argument and its result, both JSON on its standard streams |
| pacer | when each request is meant to leave; a pure function of the plan |
| generator | sets up a load, runs one of the loops, and takes the time |
| requests | what each request consists of |
| channel, http1, http2 | a connection with requests on their way |
| slots | the places that requests find on connections, in turns |
| poller | waits for answers, until the next request is due |
| open_loop, closed_loop | when requests really leave: as meant, or as fast as it goes |
| lag | whether the generator is to blame for a late request |
| process | runs the generator in a process of its own |
| tally | notes what happens, and makes a record of it |
"""

from benchmarks.load.plan import LoadPlan, requests_for
from benchmarks.load.process import LoadError, run_load, saturate
from benchmarks.load.record import LoadRecord

__all__ = ["LoadError", "LoadPlan", "LoadRecord", "requests_for", "run_load", "saturate"]
