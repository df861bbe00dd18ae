"""mctx on JAX as a side: a program, because it can only be loaded where mctx, JAX and pgx are installed."""
