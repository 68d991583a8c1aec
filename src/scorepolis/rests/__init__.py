"""What a scenario's results rest on: the assumed parameters that move each of them most, and by how much.

The tables are reckoned once by ``python -m scorepolis.rests`` and come with the package, so that the answer takes no
time.
"""
