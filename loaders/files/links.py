"""The links of a web page, each as one absolute address; pure."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import quote, urldefrag, urljoin, urlsplit, urlunsplit


@dataclass(frozen=True)
class Link:
    """A link of a page.

    Attributes:
        url: Absolute, without fragment, its blanks encoded.
        text: What a reader sees.
    """

    url: str
    text: str

    @property
    def path(self) -> str:
        """The path of the url, lower case."""
        return urlsplit(self.url).path.lower()


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.base: str | None = None
        self.found: list[tuple[str, list[str]]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "base" and href and self.base is None:
            self.base = href
        elif tag == "a":
            self._open = href is not None
            if href is not None:
                self.found.append((href, []))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            self.found[-1][1].append(data)


def links(html: str, page_url: str) -> list[Link]:
    """The web links of a page, in its order, each url once (with its first text)."""
    parser = _Anchors()
    parser.feed(html)
    parser.close()
    base = urljoin(page_url, parser.base) if parser.base else page_url
    found: dict[str, Link] = {}
    for href, words in parser.found:
        url = absolute(href, base)
        text = " ".join("".join(words).split())
        if url and (url not in found or not found[url].text):
            found[url] = Link(url, text)
    return list(found.values())


def absolute(href: str, base: str) -> str | None:
    """The url a link leads to; ``None`` when it is no web address.

    Blanks and other characters that do not belong into a url are encoded, what is
    encoded already stays. A link to the page's own host by plain http is taken to mean
    the page's encrypted one.
    """
    try:
        url = urldefrag(urljoin(base, href.strip())).url
        parts = urlsplit(url)
        scheme, home = parts.scheme.lower(), urlsplit(base)
        if scheme not in ("http", "https") or not parts.hostname:
            return None
        if home.scheme == "https" and parts.netloc.lower() == home.netloc.lower():
            scheme = "https"
    except ValueError:
        return None
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    return urlunsplit((scheme, parts.netloc.lower(), path or "/", query, ""))


def same_site(url: str, other: str) -> bool:
    """Whether two urls are of one host, with or without ``www.``."""
    one, two = (urlsplit(u).netloc.removeprefix("www.") for u in (url, other))
    return one == two


def page_url(url: str) -> str:
    """A page's address in one spelling: no query, one slash at its end."""
    parts = urlsplit(url)
    return urlunsplit(
        (parts.scheme, parts.netloc, parts.path.rstrip("/") + "/", "", "")
    )
