"""Exports that are drawn: pictures, pages that can be hovered, and films. A program of its own, without a window."""
