"""For editors and tools that expect it; `alongside` is the command."""

from alongside.config.cli import main

if __name__ == "__main__":
    main()
