"""`python -m fkube` is the command line."""

from fkube.cli import main

if __name__ == "__main__":
    main()
