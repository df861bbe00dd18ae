"""The tree picture: where things stand, how they are drawn into a buffer, and the letters on them."""
