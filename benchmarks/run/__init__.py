"""Runs the comparison: plan → cells measured in turn → a folder with all that was measured.

| Module | Does |
|---|---|
| command, options | `python -m benchmarks run`, and what it was told |
| comparison | a whole run, from what was asked for to its folder |
| preparation | what is known before anything is measured |
| catalog | makes scenarios, and asks arms which of them they can run |
| plan, sweeps | which cells are measured, and with which arms |
| knee, top_rates | how far the rates of each arm go |
| estimate, progress | how long it takes, and how far it is |
| order | shuffles, and seeds the load |
| resume | goes on with a run that was cut short |
| runner, recorder | takes one measurement after the other, and writes each down at once |
| measurement | starts an arm, warms it up, loads it, and has it prove its work |
| pinning, warm_up, sampling | parts of that: cores; when an arm is warm; what processes use |
| host | what takes CPU time besides: the host of a virtual machine, other programs |
| rejection, trust | whether figures may be used, and up to which quantile |
| proof | whether the arm has done its work |
| store, fields | the folder of a run |
"""
