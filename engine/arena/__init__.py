"""Head to head: players, openings, matches of many games at once, and statistics that can be trusted."""
