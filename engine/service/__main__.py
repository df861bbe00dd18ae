"""`python -m engine.service`: the engine process."""

import sys

from engine.service.launch import main

if __name__ == "__main__":
    sys.exit(main())
