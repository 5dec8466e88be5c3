"""Which function makes which picture; the only way to the modules that need numpy and Pillow."""

from __future__ import annotations

from collections.abc import Callable

from itkgui.sandbox.samples import captures, charts, microscope, parcels, photographs, pictures, tiff_files
from itkgui.sandbox.samples.subject import Subject

PICTURES: dict[str, Callable[[Subject], bytes]] = {
    "photo": pictures.pixel_module,
    "strip photo": pictures.strip_module,
    "board": pictures.board,
    "parcel": parcels.parcel,
    "wirebonds": microscope.wirebonds,
    "corner": microscope.corner,
    "defect": microscope.defect,
    "large photo": photographs.large_photo,
    "large bonds": photographs.large_bonds,
    "rotated photo": photographs.rotated_photo,
    "raw photo": photographs.raw_photo,
    "stack": tiff_files.focus_stack,
    "scan": tiff_files.flatness_scan,
    "film": captures.thermal_film,
    "telephone": captures.telephone_photo,
    "frame": captures.grabbed_frame,
    "heic": captures.heic_photo,
    "avif": captures.avif_photo,
    "array": captures.tuned_values,
    "map": charts.threshold_map,
    "noise map": charts.noise_map,
    "plot": charts.iv_plot,
}
