"""The RDF in an XMP packet, read leniently: a property is an attribute, an element or a list."""

import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANGUAGE, _ANY = "{http://www.w3.org/XML/1998/namespace}lang", "x-default"
_PREFIX_OF_NAMESPACE = {
    "http://ns.adobe.com/exif/1.0": "exif",
    "http://ns.adobe.com/tiff/1.0": "tiff",
    "http://ns.adobe.com/xap/1.0": "xmp",
    "http://ns.adobe.com/photoshop/1.0": "photoshop",
    "http://ns.adobe.com/lightroom/1.0": "lr",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://ns.microsoft.com/photo/1.0": "MicrosoftPhoto",
    "http://ns.microsoft.com/photo/1.2": "MP",
    "http://ns.microsoft.com/photo/1.2/t/RegionInfo": "MPRI",
    "http://ns.microsoft.com/photo/1.2/t/Region": "MPReg",
    "http://www.digikam.org/ns/1.0": "digiKam",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29": "Iptc4xmpExt",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns": "Iptc4xmpCore",
    "http://www.metadataworkinggroup.com/schemas/regions": "mwg-rs",
    "http://ns.adobe.com/xmp/sType/Area": "stArea",
    "http://ns.adobe.com/xap/1.0/sType/Area": "stArea",
    "http://ns.adobe.com/xap/1.0/sType/Dimensions": "stDim",
    "http://ns.google.com/photos/1.0/camera": "GCamera",
}
# Two searches, each in one pass: one for both would try every end for every beginning.
_BEGINNING = re.compile(rb"<(?:\w{1,32}:)?(?:xmpmeta|xapmeta|RDF)\b")
_END = re.compile(rb"</(?:\w{1,32}:)?(?:xmpmeta|xapmeta|RDF)>")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MAX_PACKET_BYTES = 16 << 20


class Description:
    """A node of the RDF: its properties by prefixed name ("dc:subject")."""

    def __init__(self, nodes: list[Element]) -> None:
        self._texts: dict[str, str] = {}
        self._elements: dict[str, Element] = {}
        for node in nodes:
            for key, text in node.attrib.items():
                self._texts.setdefault(_prefixed(key), text)
            for child in node:
                self._elements.setdefault(_prefixed(child.tag), child)

    def text(self, name: str) -> str:
        """A property's text, or its first item's; empty where it is missing."""
        if name in self._texts:
            return self._texts[name].strip()
        return next(iter(self.items(name)), "")

    def items(self, name: str) -> list[str]:
        """The texts of a list, the one for any language first; one text where the property is no
        list."""
        element = self._elements.get(name)
        if element is None:
            return [self._texts[name].strip()] if name in self._texts else []
        listed = sorted(element.iter(f"{_RDF}li"), key=lambda item: item.get(_LANGUAGE) != _ANY)
        texts = [(item.text or "").strip() for item in listed]
        return [text for text in (texts or [(element.text or "").strip()]) if text]

    def struct(self, name: str) -> "Description":
        """A property that has properties itself; empty where it is missing."""
        element = self._elements.get(name)
        return Description([] if element is None else _with_description(element))

    def structs(self, name: str) -> list["Description"]:
        """The items of a list of structures."""
        element = self._elements.get(name)
        found = [] if element is None else element.findall(f"*/{_RDF}li")
        return [Description(_with_description(item)) for item in found]


def _with_description(element: Element) -> list[Element]:
    return [element, *element.findall(f"{_RDF}Description")]


def _prefixed(tag: str) -> str:
    namespace, _, local = tag.rpartition("}")
    prefix = _PREFIX_OF_NAMESPACE.get(namespace.removeprefix("{").rstrip("/#"))
    return f"{prefix}:{local}" if prefix else tag


def parse_packet(packet: bytes) -> Description | None:
    """All top-level properties of a packet; None where it is no XML, or XML with entities."""
    if len(packet) > _MAX_PACKET_BYTES:
        return None
    if packet[:2] in (b"\xff\xfe", b"\xfe\xff"):
        packet = packet.decode("utf-16", "replace").encode()
    first = _BEGINNING.search(packet)
    ends = [match.end() for match in _END.finditer(packet)]
    if first is None or not ends:
        return None
    text = _ILLEGAL.sub("", packet[first.start() : ends[-1]].decode("utf-8", "replace"))
    try:
        root = fromstring(text)
    except (ParseError, DefusedXmlException, ValueError, RecursionError):
        return None
    return Description(list(root.iter(f"{_RDF}Description")) if root is not None else [])
