"""Calls that may block, kept from hurting others.

=============  =================================================================================
`options`      what a handler's configuration says: deadline, concurrency, queue, circuit breaker
`breaker`      stops asking what has failed too often, and tries again after a while
`call_pool`    threads that make the calls of one handler, and a queue with an end
`isolation`    the three together, around a handler's methods
=============  =================================================================================

Nothing in Python can stop a call that hangs. So it is made by a thread of the handler's own:
whoever waits for it goes on after the deadline, and when all threads of the handler hang, its calls
are refused, while those of other handlers have their own.
"""
