"""Run with `python -m unittest discover` in local/. `emulator.py` starts what they talk to."""
