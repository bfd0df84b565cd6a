"""A figure as a piece of the page: heading, buttons, places for the panels, words for those who cannot see it."""

from typing import Any

from sim.report.figure import Figure
from sim.report.html import Html, joined, tag


def figure_html(figure: Figure) -> Html:
    """The figure's element; the page's program draws into the panels."""
    heading = f"title-{figure.name}"
    parts: list[Any] = [tag("h3", figure.title, id=heading), _views(figure), _key(figure)]
    parts.append(tag("div", Html(figure.drawing), class_="flow") if figure.drawing else _panels(figure))
    parts += [tag("figcaption", figure.caption), _tools(figure)]
    return tag("figure", *parts, id=f"figure-{figure.name}", aria_labelledby=heading)


def _views(figure: Figure) -> Html:
    if len(figure.views) < 2:
        return Html("")
    buttons = [
        tag("button", name, type="button", aria_pressed="false" if k else "true", data_view_of=figure.name)
        for k, name in enumerate(figure.views)
    ]
    return tag("div", tag("span", "Show"), *buttons, class_="views", role="group", aria_label="What is shown")


def _key(figure: Figure) -> Html:
    if not figure.key:
        return Html("")
    items = [tag("li", tag("i", style=f"background:{colour}"), name) for name, colour in figure.key]
    return tag("ul", *items, class_="key")


def _panels(figure: Figure) -> Html:
    places = []
    for k, panel in enumerate(figure.panels):
        chart = tag(
            "div",
            id=f"chart-{figure.name}-{k}",
            class_="chart",
            role="img",
            aria_label=f"{panel.title or figure.title}. {figure.alt}",
            style=f"min-height:{panel.layout['height']}px",
        )
        words = tag("p", panel.words, class_="words") if panel.words else ""
        places.append(tag("div", tag("h4", panel.title) if panel.title else "", words, chart, class_="panel"))
    return tag("div", *places, class_=f"panels across-{figure.across}")


def _tools(figure: Figure) -> Html:
    buttons = joined(
        tag("button", words, type="button", data_save=kind, aria_label=f"{words}: {figure.title}")
        for kind, words in (("svg", "Save as SVG"), ("csv", "Save data as CSV"))
    )
    data = tag(
        "details", tag("summary", "Data as a table"), tag("div", class_="scroll", tabindex="0"), class_="data"
    )
    return joined([tag("div", buttons, class_="tools"), data])
