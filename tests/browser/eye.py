"""What a page must look like to be right: measured in the browser, in place, without loading it again."""

from __future__ import annotations

import json
import re
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDTHS = (360, 390, 1366, 1440)
TAGS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS = {"type": "rule", "values": ["color-contrast"]}
# Colours change at once, not within a fifth of a second: a measurement in between would be of neither theme.
THEME = """(theme) => { const still = new CSSStyleSheet(), root = document.documentElement;
  still.replaceSync("* { transition: none !important; animation: none !important }");
  document.adoptedStyleSheets = [still];
  root.dataset.theme = theme; root.setAttribute("data-bs-theme", theme); }"""
# No source is kept of what is right, and no style sheet fetched again for a rule that is not asked.
AXE = """async (only) => { axe.configure({noHtml: true});
  const options = {runOnly: only, resultTypes: ["violations"], preload: {assets: ["media"]}};
  return (await axe.run(document, options)).violations
  .map((found) => found.id + ": " + found.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | ")); }"""
# What sticks out: the innermost elements beyond the right edge that no scrolling box of their own holds.
WIDE = """() => { const edge = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= edge) return [];
  return [...document.querySelectorAll("main *, header *, nav *")]
    .filter((one) => one.getBoundingClientRect().right > edge + 1)
    .filter((one) => ![...one.children].some((child) => child.getBoundingClientRect().right > edge + 1))
    .slice(0, 4).map((one) => `${one.tagName.toLowerCase()}.${one.className} "${one.textContent.trim().slice(0, 30)}"`)
    .concat(`${document.scrollingElement.scrollWidth} px`); }"""
PICTURES = """async () => { const all = [...document.images].filter((one) => one.loading !== "lazy" && one.src);
  await Promise.all(all.map((one) => one.complete || new Promise((done) => (one.onload = one.onerror = done))));
  return all.filter((one) => !one.naturalWidth).map((one) => one.src); }"""
WORDS = """() => { const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) { const one = walker.currentNode, box = one.parentElement;
    if (box.closest("script, style, template, code, [lang]:not(html), [translate=no]")) continue;
    if (/[a-z]/i.test(one.data) && box.checkVisibility()) found.push(one.data.trim()); }
  return found.concat([...document.querySelectorAll("[aria-label], [placeholder], [title]")].flatMap((one) =>
    ["aria-label", "placeholder", "title"].map((name) => one.getAttribute(name) || "")), document.title); }"""
ADDRESS = re.compile(r"\S+@\S+|https?:\S+|/[\w/.]+|\.\w+")
ENGLISH = re.compile(r"\b[a-z]{3,}\b|\b[A-Z][a-z']+ [A-Z]?[a-z]{2,}\b")


def barriers(page: Page, themes: tuple[str, ...] = ("light", "dark")) -> list[str]:
    """What axe finds; in a second theme only the colours are others."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    before, found = page.viewport_size, []
    # As tall as the page: what sticks to the lower edge covers nothing then.
    height = page.evaluate("document.scrollingElement.scrollHeight")
    page.set_viewport_size({"width": before["width"], "height": min(max(height, before["height"]), 6000)})
    for theme, only in zip(themes, (TAGS, COLOURS), strict=False):
        page.evaluate(THEME, theme)
        found += [f"{theme}: {line}" for line in page.evaluate(AXE, only)]
    page.set_viewport_size(before)
    return found


def sideways(page: Page, widths: tuple[int, ...] = WIDTHS) -> list[str]:
    """Where the page scrolls sideways, at every width we promise."""
    before, found = page.viewport_size, []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 844 if width < 600 else 900})
        if wide := page.evaluate(WIDE):
            found.append(f"wider than {width}: {json.dumps(wide, ensure_ascii=False)}")
    page.set_viewport_size(before)
    return found


def english(page: Page, names: set[str]) -> list[str]:
    """English left on a Chinese page; the names people gave to things are theirs."""
    found: list[Any] = page.evaluate(WORDS)
    return sorted({text[:80] for text in found if ENGLISH.search(without(text, names))})


def without(text: str, names: set[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return ADDRESS.sub("", text)


def missing_pictures(page: Page) -> list[str]:
    return page.evaluate(PICTURES)
