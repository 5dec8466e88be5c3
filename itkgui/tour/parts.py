"""The components of the sandbox that the tour looks at."""

PIXEL_MODULE = "20UPGM23800001"
STRIP_MODULE = "20USBML0000001"
UNFINISHED_MODULE = "20UPGM23200010"  # off its carrier: one slot is empty
