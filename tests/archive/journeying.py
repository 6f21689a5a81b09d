"""A contributor as a program can play one: reads the form on the page, fills some of it, presses a
button; with cookies and without scripts.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}\b")


class _Form(HTMLParser):
    """The fields of the form with this id as a browser would post them, and where to."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted, self.inside = wanted, False
        self.action, self.fields = "", {}
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self.inside = given.get("id") == self.wanted or not self.wanted
            self.action = given.get("action") or self.action if self.inside else self.action
        elif self.inside and tag == "input":
            self._input(given, name)
        elif self.inside and tag == "textarea":
            self._area = name
            self.fields[name] = [""]
        elif self.inside and tag == "select":
            self._select = name
        elif self.inside and tag == "option" and self._select:
            first = self._select not in self.fields
            if "selected" in given or first:
                self.fields[self._select] = [given.get("value") or ""]

    def _input(self, given: dict[str, str | None], name: str) -> None:
        kind = given.get("type", "text")
        if kind in ("radio", "checkbox"):
            if "checked" in given:
                self.fields.setdefault(name, []).append(given.get("value", "on") or "")
        elif kind != "file":
            self.fields[name] = [given.get("value") or ""]

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            words = self.fields[self._area][0]
            self.fields[self._area] = [words.removeprefix("\n")]
            self._area = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self.inside = False


def fields_of(page: str, form: str = "telling") -> dict[str, list[str]]:
    """The fields of the form with this id, as a browser would post them."""
    read = _Form(form)
    read.feed(page)
    return dict(read.fields)


class Visitor:
    """One person with one browser."""

    receipt_path = "/share/receipt/"

    def __init__(self, path: str = "/share/story/", **about: Any) -> None:
        self.client = Client(**about)
        self.page: HttpResponse = self.client.get(path)
        self.path = path

    @property
    def text(self) -> str:
        return self.page.content.decode()

    @property
    def code(self) -> str:
        """The receipt code on this page."""
        found = CODE.search(self.text)
        assert found, self.text[:4000]
        return found[0]

    def fields(self, form: str = "telling") -> dict[str, Any]:
        return fields_of(self.text, form)

    def press(self, go: str = "next", *, form: str = "telling", **typed: Any) -> Visitor:
        """Fill these fields, leave the others as they are, and press the button."""
        read = _Form(form)
        read.feed(self.text)
        self.path = read.action or self.path
        self.page = self.client.post(self.path, {**read.fields, **typed, "go": go})
        return self

    def do(self, verb: str, **typed: Any) -> Visitor:
        """Press a button of the receipt page."""
        found = re.search(r'name="key" value="([^"]+)"', self.text)
        assert found, self.text[:3000]
        self.page = self.client.post(self.receipt_path, {"key": found[1], "verb": verb, **typed})
        return self

    def come_back(self, code: str, path: str = "/share/receipt/") -> Visitor:
        """Open the receipt page and type the code."""
        self.receipt_path = path
        self.page = self.client.get(path)
        self.page = self.client.post(path, {"code": code})
        return self

    def tell(self, body: str, **choices: Any) -> Visitor:
        """The whole journey, from the first page to the receipt."""
        self.press()
        self.press(body=body)
        self.press()
        who = {"adult": "yes", **{k: v for k, v in choices.items() if k not in _USE}}
        self.press(**who)
        self.press(**{k: v for k, v in choices.items() if k in _USE})
        return self.press("send")


_USE = {
    "audience", "public_from", "keep_for", "search_engines", "uses", "editing", "contact_ok",
    "email",
}  # fmt: skip
