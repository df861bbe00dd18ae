"""Connect Four: 7 columns, 6 rows, four discs in a row win. Small enough to be solved exactly."""
