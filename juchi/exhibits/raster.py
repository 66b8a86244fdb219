"""Pictures of pixels, as the site and the paper may show them: sRGB, upright, nothing but pixels.

A camera notes in a JPEG where and when it was taken; a scanner its own colours. Neither belongs on
the page: the orientation is applied, colours become sRGB, and all else is left out. The pixels of a
JPEG that needs no change stay as they are, bit by bit.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from juchi.core.errors import UserError

__all__ = ["normalized_raster", "open_raster"]

_FORMATS = {".png": ("PNG",), ".jpg": ("JPEG", "MPO"), ".jpeg": ("JPEG", "MPO")}
# The segments of a JPEG that say how its pixels are to be read: JFIF, Adobe's, and no COM or APPn.
_TOLD = (*range(0xE1, 0xEE), 0xEF, 0xFE)
_MARKER, _END, _SCAN = 0xFF, 0xD9, 0xDA
_ORIENTATION = 0x0112


def open_raster(path: Path, place: str) -> Image.Image:
    """Open a picture; one that is damaged, animated or of another kind is a `UserError`.

    `place` is where the picture is named, for messages.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            picture = Image.open(io.BytesIO(path.read_bytes()))
            picture.load()
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise _refused(place, path, "more pixels than a page can show", "scale it down") from (
                error
            )
        except UnidentifiedImageError as error:
            found = "no picture that can be read, neither a PNG nor a JPEG"
            raise _refused(place, path, found, "export it again, as PNG or JPEG") from error
        except (OSError, SyntaxError, ValueError) as error:
            found = f"no picture that can be read ({error})"
            raise _refused(place, path, found, "export it again, as PNG or JPEG") from error
    expected = _FORMATS[path.suffix.lower()]
    if picture.format not in expected:
        found = f"a picture of the kind {picture.format}"
        raise _refused(place, path, found, f"export it as {expected[0]}, or correct its name")
    if picture.format == "PNG" and getattr(picture, "n_frames", 1) > 1:
        raise _refused(
            place, path, "a moving picture", "export one frame of it: paper stands still"
        )
    return picture


def _refused(place: str, path: Path, found: str, hint: str) -> UserError:
    return UserError(
        place, f"{path}: {found}", "a PNG or JPEG file whose name ends as its kind does", hint
    )


def normalized_raster(path: Path, place: str) -> bytes:
    """Return a PNG or JPEG in sRGB, upright, without metadata; see the head of this module."""
    picture = open_raster(path, place)
    is_jpeg = picture.format != "PNG"
    upright = picture.getexif().get(_ORIENTATION, 1) == 1
    if is_jpeg and upright and picture.mode in ("L", "RGB") and not _profile(picture, path, place):
        return _without_notes(path.read_bytes())
    shown = ImageOps.exif_transpose(_in_srgb(_in_eight_bits(picture), path, place))
    shown.info = {}
    buffer = io.BytesIO()
    if is_jpeg:
        shown.save(buffer, "JPEG", quality=95, subsampling=0, exif=b"")
    else:
        shown.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    """Return a picture in eight bits a channel, without a palette."""
    if picture.mode.startswith(("I", "F")):
        levels = np.asarray(picture, dtype=np.float64)
        grey = Image.fromarray(np.round(np.clip(levels, 0, 65535) / 257).astype(np.uint8))
        grey.info = dict(picture.info)
        return grey
    if picture.mode in ("P", "PA", "1", "La", "RGBa") or "transparency" in picture.info:
        clear = picture.mode in ("PA", "La", "RGBa") or "transparency" in picture.info
        return picture.convert("RGBA" if clear else "L" if picture.mode == "1" else "RGB")
    return picture


def _profile(picture: Image.Image, path: Path, place: str) -> ImageCms.ImageCmsProfile | None:
    """Return the colours that a picture brings; None if they are sRGB, or unsaid."""
    content = picture.info.get("icc_profile")
    if not content:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(content))
        name = ImageCms.getProfileDescription(profile)
    except (ImageCms.PyCMSError, OSError) as error:
        raise _strange_colours(place, path, error) from error
    return None if name.startswith("sRGB") and picture.mode != "L" else profile


def _strange_colours(place: str, path: Path, error: Exception) -> UserError:
    found = f"a colour profile that cannot be read ({error})"
    return _refused(place, path, found, "export it in sRGB")


def _in_srgb(picture: Image.Image, path: Path, place: str) -> Image.Image:
    """Return a picture in the colours of the web; CMYK that does not say which is refused."""
    profile = _profile(picture, path, place)
    if profile is None:
        if picture.mode in ("L", "LA", "RGB", "RGBA"):
            return picture
        found = f"the colours of a printing press ({picture.mode}) without a profile"
        raise _refused(place, path, found, "export it in sRGB: which colours are meant is unknown")
    mode = "RGBA" if "A" in picture.mode else "RGB"
    coloured = picture if picture.mode in ("L", "CMYK") else picture.convert(mode)
    web = ImageCms.createProfile("sRGB")
    try:
        shown = ImageCms.profileToProfile(coloured, profile, web, outputMode=mode)
    except (ImageCms.PyCMSError, ValueError) as error:
        raise _strange_colours(place, path, error) from error
    # None is for a picture that is changed in place.
    return shown or coloured


def _without_notes(content: bytes) -> bytes:
    """Return a JPEG without what it tells beside its pixels, and without what stands behind it."""
    parts, at = [content[:2]], 2
    while content[at + 1] != _END:
        kind = content[at + 1]
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if kind == _SCAN:
            end = _end_of_scan(content, end)
        if kind not in _TOLD:
            parts.append(content[at:end])
        at = end
        while content[at + 1] == _MARKER:  # padding
            at += 1
    return b"".join([*parts, content[at : at + 2]])


def _end_of_scan(content: bytes, at: int) -> int:
    """Return where the next marker begins that is none of those within the pixels."""
    while content[at] != _MARKER or content[at + 1] in (0, 0xFF, *range(0xD0, 0xD8)):
        at += 1
    return at
