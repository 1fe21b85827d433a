"""The version of decoding that pictures, and so their vectors and thumbnails, are made by.

A module of its own because the window names it, which loads no codec.
"""

DECODING = 1
"""Raised by whoever has some photos come out as other pictures; `concerned` then tells which.

0: before there were versions. 1: colours by profile, EXIF and the format's own words; the first
picture of an animation that is not blank; deep, planar and transparent TIFF; grey for what is
missing of a file that is cut off."""
