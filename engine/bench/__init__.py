"""Measurements of this machine: the figures of the design's targets, as records. Never part of the tests."""
