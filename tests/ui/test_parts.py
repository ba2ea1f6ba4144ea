"""Template tags, charts and the menu."""

from datetime import timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from ui import navigation
from ui.charts import LINE, Chart, Series, ranked
from ui.formats import Clock
from ui.navigation import MenuItem
from ui.parts import limit


def render(source, **facts):
    return Template(source).render(Context(facts))


def test_unknown_drawing_is_an_error_while_developing_and_a_question_mark_in_service(settings):
    settings.DEBUG = True
    with pytest.raises(KeyError):
        render('{% icon "no-such" %}')

    settings.DEBUG = False
    assert "#question-mark" in render('{% icon "no-such" %}')


def test_what_is_fixed_is_drawn_once_for_each_language_and_value():
    page = Template('{% load i18n %}{% fixed shown %}{{ shown }} {{ drawn }} {% translate "Search" %}{% endfixed %}')
    drawn = iter("abcd")

    def seen(language, shown):
        with translation.override(language):
            return page.render(Context({"shown": shown, "drawn": lambda: next(drawn)}))

    assert [seen("en", 1), seen("en", 2), seen("en", 1)] == ["1 a Search", "2 b Search", "1 a Search"]
    assert seen("zh-hans", 1).startswith("1 c ") and "Search" not in seen("zh-hans", 1)


def test_what_is_fixed_for_many_values_is_forgotten_and_drawn_anew():
    page, drawn = Template("{% fixed shown %}{{ drawn }}{% endfixed %}"), iter(range(1000))
    node = page.nodelist[0]
    seen = [
        page.render(Context({"shown": shown, "drawn": lambda: next(drawn)})) for shown in [*range(node.most + 1), 0]
    ]

    assert seen[0] == "0" and seen[-1] == str(node.most + 1)
    assert len(node.drawn) == 2


def test_figure_shows_a_dash_for_what_is_not_known():
    page = render('{% figure "Rate" None unit="%" %}')

    assert "—" in page and "%" not in page


def test_sparkline_draws_the_running_period_apart():
    line = render("{% sparkline values True %}", values=[1, 2, None, 4, 3])

    assert line.count("<path") == 2
    assert 'd="M0.0,17.0 25.0,12.0 75.0,2.0"' in line
    assert 'class="running" d="M75.0,2.0 100.0,7.0"' in line


def test_sparkline_of_one_value_draws_nothing():
    assert render("{% sparkline values %}", values=[None, 3]) == ""


def test_chart_has_the_same_figures_in_its_table():
    chart = Chart("c", "How many?", LINE, ["Jan", "Feb"], [Series("A", [1234, None])], unit="%", running=True)

    page = render("{% chart chart %}", chart=chart)

    assert '"values": [1234.0, null]' in page
    assert "1\u202f234" in page and "—" in page


def test_script_in_a_chart_stays_text():
    evil = "</script><script>alert(1)</script>"
    page = render("{% chart chart %}", chart=ranked("c", evil, [(evil, 2)], name=evil))

    assert "<script>alert" not in page


def test_ranked_bars_begin_with_the_largest_and_leave_out_the_unknown():
    chart = ranked("c", "Who?", [("a", 1), ("b", None), ("c", 7)])

    assert (chart.labels, chart.series[0].values) == (["c", "a"], [7, 1])


def test_empty_chart_says_so():
    assert "data-chart" not in render("{% chart chart %}", chart=Chart("c", "?", LINE, ["a"], [Series("A", [None])]))


@pytest.fixture
def menu(monkeypatch, settings):
    settings.ROOT_URLCONF = "tests.ui.urls"
    monkeypatch.setattr(navigation, "_items", {})
    navigation.register(
        MenuItem("Orders", "orders:order_list", "list", "workorders.order.view", "work", 20, phone=True),
        MenuItem("Units", "units:unit_list", "users", "tenancy.unit.view", "office", badge=lambda request: 3),
        MenuItem("New unit", "units:unit_add", "plus", "tenancy.unit.change", "today"),
    )


def request_of(*permissions, path="/units/"):
    request = RequestFactory().get(path)
    reach = type("Held", (), {"permissions": frozenset(permissions)})()
    request.user = type("Person", (), {"is_authenticated": True, "_reaches": [reach]})()
    return request


def test_menu_offers_only_what_one_may_open_in_the_order_of_a_day(menu):
    shown = navigation.menu_for(request_of("tenancy.unit.view", "tenancy.unit.change"))

    assert [(entry.label, entry.url, entry.active, entry.count) for entry in shown] == [
        ("New unit", "/units/new/", False, 0),
        ("Units", "/units/", True, 3),
    ]


def test_menu_marks_the_nearest_entry(menu):
    shown = navigation.menu_for(request_of("tenancy.unit.view", "tenancy.unit.change", path="/units/new/"))

    assert [entry.label for entry in shown if entry.active] == ["New unit"]


def test_menu_refuses_an_unknown_group():
    with pytest.raises(ValueError, match="no menu group"):
        navigation.register(MenuItem("x", "home", "x", group="tables"))


@pytest.mark.parametrize(
    ("hours", "overdue", "late"),
    [
        (5, "超时 5 小时", "超时 5 小时"),
        (23.9, "超时", "超时"),
        (24, "逾期 1 天", "逾期 1 天"),
        (75, "逾期 3 天", "逾期 3 天"),
    ],
)
def test_hours_past_a_limit_and_days_past_it_have_words_of_their_own(hours, overdue, late):
    """A technician says 超时 of hours; a head says 逾期 of days."""
    now = timezone.now()
    with translation.override("zh-hans"):
        clock = Clock()
        standing = limit(clock.now - timedelta(hours=hours), clock=clock)
        done = limit(now - timedelta(hours=hours), now, clock)

    assert standing.text.startswith(overdue) and done.text.startswith(late)
