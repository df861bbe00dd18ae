"""The engine process: the messages that cross its border, the server at its socket, a session for each client."""
