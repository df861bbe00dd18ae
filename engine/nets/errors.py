"""Errors of running networks, apart from torch so that they can be caught without loading it."""


class DeviceError(ValueError):
    """A device that this machine does not have; the message names it and one that it has."""
