"""What speaks torch.

`Transform` goes into any data set, `Augmented` around it, and `Loader` takes the place of data set and `DataLoader`
together. Importing it imports torch.
"""

from .augmented import Addressed, Augmented
from .loader import Loader
from .transform import Transform

__all__ = ["Addressed", "Augmented", "Loader", "Transform"]
