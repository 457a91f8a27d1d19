"""`python -m bot …` is `huiyin …`."""

from bot.cli import main

if __name__ == "__main__":
    main()
