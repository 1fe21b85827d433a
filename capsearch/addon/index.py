"""A package index of pip's kind: where it has a file."""

import base64
import json
import threading
import urllib.parse
from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPException

from capsearch.addon.lock import Wheel
from capsearch.errors import CapsearchError
from capsearch.fetch import Login, ServedFile, ask, attempts

IF_REFUSED = "Check PIP_INDEX_URL and the proxy, or try from another network."

_LARGEST_PAGE = 64 << 20
_SCHEMES = ("http", "https")
_JSON_PAGE = "application/vnd.pypi.simple.v1+json"


@dataclass(frozen=True)
class PackageIndex:
    """A package index; `authorization` comes from a name and password in its URL."""

    url: str
    authorization: str = ""

    @classmethod
    def at(cls, address: str) -> "PackageIndex":
        """The index at an address as people give it to pip.

        Raises:
            CapsearchError: it is no web address.
        """
        parts = urllib.parse.urlsplit(address.strip())
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise CapsearchError(
                "The package index is not given as a web address.",
                "Write one such as https://pypi.org/simple, also in PIP_INDEX_URL.",
            )
        authorization = ""
        if parts.username is not None:
            login = f"{parts.username}:{parts.password or ''}"
            told = base64.b64encode(urllib.parse.unquote(login).encode()).decode()
            authorization = f"Basic {told}"
        host = parts.netloc.rpartition("@")[2]
        return cls(f"{parts.scheme}://{host}{parts.path.rstrip('/')}/", authorization)

    @property
    def host(self) -> str:
        """Whom a person would ask about it."""
        return urllib.parse.urlsplit(self.url).netloc

    @property
    def login(self) -> Login:
        """What it is told of who asks."""
        return Login(self.host, self.authorization)


def find_address(index: PackageIndex, wheel: Wheel, stop: threading.Event) -> str | None:
    """Where an index has a wheel, by its simple API (PEP 503, PEP 691); None where it has none, or
    another file of that name, as a mirror may that builds its own.

    Raises:
        CapsearchError: the index does not answer, or not as one does.
        DownloadStopped: `stop` was set.
    """
    project = wheel.project.lower().replace("_", "-").replace(".", "-")
    url = urllib.parse.urljoin(index.url, f"{project}/")
    for attempt in attempts(index.host, stop):
        accept = {"Accept": f"{_JSON_PAGE}, text/html;q=0.5"}
        with attempt, ask(url, index.login, accept, IF_REFUSED) as answer:
            if answer is None:
                return None
            page = answer.read(_LARGEST_PAGE)
            is_json = "json" in answer.headers.get_content_type()
            listed = _in_json(page) if is_json else _in_html(page)
            found = listed.get(wheel.filename)
            if found is None:
                return None
            address = urllib.parse.urljoin(answer.url, found)
            parts = urllib.parse.urlsplit(address)
            if parts.scheme not in _SCHEMES:
                raise HTTPException("it names an address that is not on the web")
            checksum = parts.fragment.partition("sha256=")[2]
            meant = checksum in ("", wheel.sha256)
            return parts._replace(fragment="").geturl() if meant else None
    raise AssertionError("attempts end by an error")


def _in_json(page: bytes) -> dict[str, str]:
    """Addresses by name, with the checksum behind them as in HTML."""
    try:
        return {
            str(file["filename"]): f"{file['url']}#sha256={file['hashes'].get('sha256', '')}"
            for file in json.loads(page)["files"]
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise HTTPException("its list of files cannot be read") from error


def _in_html(page: bytes) -> dict[str, str]:
    links = _Links()
    links.feed(page.decode("utf-8", "replace"))
    names = (urllib.parse.urlsplit(link).path.rpartition("/")[2] for link in links.found)
    return dict(zip(map(urllib.parse.unquote, names), links.found, strict=True))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def served_file(wheel: Wheel, address: str, index: PackageIndex) -> ServedFile:
    """A wheel, to be fetched from where an index has it."""
    return ServedFile(wheel.filename, address, wheel.size, wheel.sha256, index.login, IF_REFUSED)
