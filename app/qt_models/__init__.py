"""Thin adapters that let Qt's item views read view-model records."""
