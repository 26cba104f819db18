"""What speaks Ray: data sets augmented on a cluster, data sets made offline on one, and loaders for Ray Train.

None of it draws by place or by time: the bytes of a sample are those that one machine makes, whichever worker makes
them and however often. Importing it imports Ray.
"""

from .batches import augment
from .feeding import feed
from .shards import write

__all__ = ["augment", "feed", "write"]
