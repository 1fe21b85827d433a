"""What a photo says about itself: when, where, with what, how good, of what and of whom."""

from capsearch.photos.metadata.model import Box, Person, PhotoMetadata, TakenAt
from capsearch.photos.metadata.read import read_metadata
from capsearch.photos.metadata.trust import distrust

__all__ = ["Box", "Person", "PhotoMetadata", "TakenAt", "distrust", "read_metadata"]
