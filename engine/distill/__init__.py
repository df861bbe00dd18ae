"""Training: from recorded games or from searches to the next generation."""
