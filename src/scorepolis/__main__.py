"""``python -m scorepolis``: the command line."""

from scorepolis.cli import main

if __name__ == "__main__":
    main()
