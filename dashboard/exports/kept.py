"""Finished files kept for the next who asks for the same: an edition never changes, so neither does a file of it."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

MOST_BYTES = 64 * 2**20
_files: OrderedDict[Hashable, bytes] = OrderedDict()
_lock = threading.Lock()


def kept(key: Hashable, make: Callable[[], bytes]) -> bytes:
    """The file under that key, made if it is not at hand; those asked for longest ago give way to new ones."""
    with _lock:
        if key in _files:
            _files.move_to_end(key)
            return _files[key]
    made = make()
    with _lock:
        _files[key] = made
        while len(_files) > 1 and sum(map(len, _files.values())) > MOST_BYTES:
            _files.popitem(last=False)
    return made
