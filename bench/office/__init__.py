"""The sample company at work: who does what next, drawn from a seeded generator. Everything is done by the words people write.

Reads the store and never writes it. The benchmark of a month and the tests over random histories play what comes of it.
"""

from bench.office.doing import Doing
from bench.office.scene import Scene
from bench.office.wording import Wording

__all__ = ["Doing", "Scene", "Wording"]
