"""What a call of each adapter costs: with what it talks to put aside, and with it.

===================  ========================================================================
`subject`            one call of one adapter
`calls`              all of them
`stand_ins`          what takes the place of services and files
`redis_server`,
`postgres_server`    the real servers
`receivers`          a process that speaks the other protocols, and answers at once
`services`           all of these, for as long as it takes
`cases`              calls → cases that can be measured
===================  ========================================================================
"""
