"""Generations: weights with a card that says where they come from, in a registry on disk. Loads no torch."""
