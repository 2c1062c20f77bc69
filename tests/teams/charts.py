"""Charts, which are Teams' own: whatever cannot draw one needs something else to show, and a screen reader words."""

from tests.slack.shapes import Check, array, boolean, record, string
from tests.teams.kinds import any_of, either, element, number, shaped
from tests.teams.wording import said

_HUES = (
    *("good", "warning", "attention", "neutral"),
    *(f"categorical{hue}" for hue in ("Red", "Purple", "Lavender", "Blue", "LightBlue")),
    *(f"categorical{hue}" for hue in ("Teal", "Green", "Lime", "Marigold")),
    *(f"sequential{number}" for number in range(1, 9)),
    *(f"diverging{hue}" for hue in ("Blue", "LightBlue", "Cyan", "Teal", "Yellow", "Peach")),
    *(f"diverging{hue}" for hue in ("LightRed", "Red", "Maroon", "Gray")),
)
_HUE: dict[str, Check] = {"color": any_of(*_HUES)}
_SLICES = array(record({"legend": said, "value": number}, _HUE), 1, 50)
_BARS = array(record({"x": either(number, said), "y": number}, _HUE), 1, 50)
_LINES = array(record({"legend": said, "values": _BARS}, _HUE), 1, 20)
_STACKS = array(record({"title": said, "data": _SLICES}), 1, 20)
_AXES: dict[str, Check] = {"xAxisTitle": said, "yAxisTitle": said, **_HUE}
_VALUES: dict[str, Check] = {"showBarValues": boolean}
_MODE: dict[str, Check] = {"displayMode": any_of("AbsoluteWithAxis", "AbsoluteNoAxis", "PartToWhole")}
_GAUGE: dict[str, Check] = {
    "min": number,
    "max": number,
    "subLabel": said,
    "showMinMax": boolean,
    "showLegend": boolean,
    "valueFormat": any_of("percentage", "fraction"),
    "segments": array(record({"size": number}, {"legend": said, **_HUE}), 1, 20),
}


def _chart(name: str, required: dict[str, Check], optional: dict[str, Check]) -> Check:
    more: dict[str, Check] = {
        "title": said,
        "colorSet": string(50),
        "horizontalAlignment": any_of("left", "center", "right"),
    }
    return shaped(name, {"fallback": element, **required}, {**more, **optional})


CHARTS: dict[str, Check] = {
    "Chart.Gauge": _chart("Chart.Gauge", {"value": number}, _GAUGE),
    "Chart.Donut": _chart("Chart.Donut", {"data": _SLICES}, {}),
    "Chart.Pie": _chart("Chart.Pie", {"data": _SLICES}, {}),
    "Chart.VerticalBar": _chart("Chart.VerticalBar", {"data": _BARS}, {**_AXES, **_VALUES}),
    "Chart.VerticalBar.Grouped": _chart(
        "Chart.VerticalBar.Grouped", {"data": _LINES}, {**_AXES, **_VALUES, "stacked": boolean}
    ),
    "Chart.HorizontalBar": _chart("Chart.HorizontalBar", {"data": _BARS}, {**_AXES, **_MODE}),
    "Chart.HorizontalBar.Stacked": _chart("Chart.HorizontalBar.Stacked", {"data": _STACKS}, _AXES),
    "Chart.Line": _chart("Chart.Line", {"data": _LINES}, _AXES),
    "ProgressBar": shaped(
        "ProgressBar",
        {"fallback": element, "value": number},
        {"max": number, "color": any_of("accent", "good", "warning", "attention")},
    ),
}
