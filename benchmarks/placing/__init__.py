"""What arms are made of: processes, parts of Envoy's configuration, and counters.

| Module | Holds |
|---|---|
| upstream | an Envoy that answers everything by itself; all arms share it |
| envoy | the Envoy of an arm: alike in all of them but for its filters |
| guard | starts an arm's Envoy, and compares what was counted with what was sent |
| service | a policy service as a process of its own, and its counters |
| mixer_process, mixer_server, delay_adapter | a Mixer, and its adapter that takes its time |
| noop_ext_authz, noop_server | a service that lets everything pass |
| wasm, policy_program | filters of WebAssembly, and the policy for one of them |
| mixer_client | the filter that is Mixer's client |
| ext_authz | the filters of Envoy itself that ask a Mixer |
| reported | what the policies that come with the project count in a Mixer |
| cores | where processes run |
"""
