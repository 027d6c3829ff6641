"""`python -m dingdan`."""

from dingdan.cli.main import main

if __name__ == "__main__":
    main()
