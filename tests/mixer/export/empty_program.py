"""A program that does nothing, for tests to add to."""

EMPTY = {
    "version": 1,
    "namespace": "",
    "fail_open": False,
    "stack": 8,
    "cells": "shared",
    "constants": [],
    "attributes": [],
    "code": [],
    "lower": [],
    "automata": [],
    "lists": [],
    "limits": [],
    "statuses": [],
    "check": [],
    "headers": [],
    "quotas": [],
    "metrics": [],
    "logs": [],
}
