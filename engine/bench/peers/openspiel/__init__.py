"""OpenSpiel as a side: a program, because it can only be loaded where OpenSpiel is installed."""
