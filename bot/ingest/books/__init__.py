"""Books, one file each: what has to be known besides the counters."""
