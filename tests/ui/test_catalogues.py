"""The message catalogues, on a small project of two apps."""

import gettext
from textwrap import dedent

import pytest

from ui.catalogue_checks import check
from ui.catalogues import HANS, HANT, Tree, key_of, table_line, take, translation_of, untranslated, update
from ui.terms_zh_hant import faults_of_simplified, faults_of_traditional, terms, to_traditional

CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext

TITLE = _("Purchase applications")
LONG = _(
    "One line "
    "and another"
)

def count(n):
    return ngettext("%(n)s order", "%(n)s orders", n) % {"n": n}

BUTTON = pgettext("button", "Close")
"""
PAGE = """
  {% load i18n %}
<h1>{% translate "Stock" %}</h1>
    <p title="{{ _('Close') }}">{% blocktranslate count n=rows|length trimmed %}
      {{ n }} row
    {% plural %}
      {{ n }} rows
    {% endblocktranslate %}</p>
  {% translate "May" context "month" %}
"""


@pytest.fixture
def tree(tmp_path):
    for app in ("ui", "procurement"):
        (tmp_path / app / "migrations").mkdir(parents=True)
        (tmp_path / "templates" / app).mkdir(parents=True)
    (tmp_path / "templates" / "errors").mkdir()
    (tmp_path / "procurement" / "views.py").write_text(CODE)
    (tmp_path / "procurement" / "migrations" / "0001.py").write_text('gettext("Old name")')
    (tmp_path / "templates" / "procurement" / "stock.html").write_text(PAGE)
    (tmp_path / "templates" / "errors" / "404.html").write_text('{% load i18n %}{% translate "Not found" %}')
    return Tree(tmp_path, ("ui", "procurement"))


TRANSLATIONS = """\
Purchase applications\t采购申请
One line and another\t一行\\n又一行
%(n)s order\t%(n)s 张工单
button\\cClose\t关闭
Close\t办结
Stock\t库存
%(n)s row\t%(n)s 行
month\\cMay\t五月
Not found\t找不到
"""


def translated(tree):
    update(tree, tree.apps)
    assert take(tree, TRANSLATIONS.splitlines()) == []
    update(tree, tree.apps)


def texts(tree, app, locale):
    return {key_of(message): translation_of(message) for message in tree.read(app, locale).texts()}


def replace(path, old, new):
    path.write_text(path.read_text().replace(old, new))


def test_extract_finds_code_and_pages_of_the_app_but_no_migrations(tree):
    update(tree, tree.apps)
    assert set(texts(tree, "procurement", HANS)) == {
        (None, "Purchase applications"),
        (None, "One line and another"),
        (None, "%(n)s order"),
        ("button", "Close"),
        (None, "Close"),
        (None, "Stock"),
        (None, "%(n)s row"),
        ("month", "May"),
    }
    assert set(texts(tree, "ui", HANS)) == {(None, "Not found")}


def test_file_has_neither_dates_nor_line_numbers(tree):
    update(tree, ["ui"])
    assert tree.po("ui", HANS).read_text() == dedent("""\
        msgid ""
        msgstr ""
        "Language: zh_Hans\\n"
        "MIME-Version: 1.0\\n"
        "Content-Type: text/plain; charset=utf-8\\n"
        "Content-Transfer-Encoding: 8bit\\n"
        "Plural-Forms: nplurals=1; plural=0;"

        #: templates/errors/404.html
        msgid "Not found"
        msgstr ""
        """)


def test_update_twice_changes_nothing(tree):
    translated(tree)
    before = {path: path.read_bytes() for path in tree.root.rglob("django.*")}
    update(tree, tree.apps)
    assert {path: path.read_bytes() for path in tree.root.rglob("django.*")} == before
    assert len(before) == 8


def test_update_keeps_translations_and_drops_what_is_gone(tree):
    translated(tree)
    replace(tree.root / "procurement" / "views.py", "Purchase applications", "Purchase requests")
    update(tree, tree.apps)
    after = texts(tree, "procurement", HANS)
    assert (None, "Purchase applications") not in after
    assert after[None, "Purchase requests"] == ""
    assert after[None, "Stock"] == "库存"


def test_traditional_is_filled_with_the_house_words(tree):
    translated(tree)
    after = texts(tree, "procurement", HANT)
    assert after[None, "Purchase applications"] == "採購申請"
    assert after[None, "Close"] == "結案"
    assert after["button", "Close"] == "關閉"
    assert after[None, "%(n)s order"] == "%(n)s 張工單"


def test_compiled_file_speaks_in_one_form_for_one_and_many(tree):
    translated(tree)
    with tree.po("procurement", HANS).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.ngettext("%(n)s row", "%(n)s rows", 1) == "%(n)s 行"
    assert compiled.ngettext("%(n)s row", "%(n)s rows", 5) == "%(n)s 行"
    assert compiled.pgettext("month", "May") == "五月"
    assert compiled.gettext("One line and another") == "一行\n又一行"


def test_text_translated_in_another_app_is_taken_from_there(tree):
    translated(tree)
    (tree.root / "ui" / "words.py").write_text('from gettext import gettext\ngettext("Stock")')
    update(tree, tree.apps)
    assert texts(tree, "ui", HANS)[None, "Stock"] == "库存"
    assert texts(tree, "ui", HANT)[None, "Stock"] == "庫存"


def test_traditional_of_the_converter_follows_a_changed_simplified_text(tree):
    translated(tree)
    replace(tree.po("procurement", HANS), "采购申请", "采购合同")
    update(tree, tree.apps)
    assert texts(tree, "procurement", HANT)[None, "Purchase applications"] == "採購合約"


def test_traditional_written_by_a_person_stays_and_is_named(tree):
    translated(tree)
    replace(tree.po("procurement", HANT), "採購申請", "請購單")
    update(tree, tree.apps)
    replace(tree.po("procurement", HANS), "采购申请", "采购申请单")
    report = update(tree, tree.apps)
    assert texts(tree, "procurement", HANT)[None, "Purchase applications"] == "請購單"
    assert [key_of(message) for message in report["procurement"][1]] == [(None, "Purchase applications")]


def test_refill_leaves_what_was_given_by_hand(tree):
    translated(tree)
    take(tree, ["Stock\t库存\t庫存量"])
    replace(tree.po("procurement", HANT), "採購申請", "采购申请")
    update(tree, tree.apps, refill=True)
    after = texts(tree, "procurement", HANT)
    assert after[None, "Stock"] == "庫存量"
    assert after[None, "Purchase applications"] == "採購申請"


def test_todo_lines_are_taken_back(tree):
    report = update(tree, tree.apps)
    lines = [table_line(message) for message in untranslated(report["procurement"][0])]
    assert "button\\cClose\t" in lines
    assert take(tree, [f"{line}词" for line in lines]) == []
    assert set(texts(tree, "procurement", HANS).values()) == {"词"}


def test_take_names_what_no_app_says(tree):
    update(tree, tree.apps)
    assert take(tree, ["Nowhere\t无处", "Stock\t库存"]) == ["Nowhere"]


def test_app_without_texts_has_no_catalogue(tree):
    translated(tree)
    (tree.root / "templates" / "errors" / "404.html").write_text("404")
    update(tree, tree.apps)
    assert not tree.po("ui", HANS).exists()
    assert not tree.po("ui", HANS).with_suffix(".mo").exists()


def test_check_is_silent_when_all_is_well(tree):
    translated(tree)
    assert check(tree, tree.apps) == []


@pytest.mark.parametrize(
    ("locale", "old", "new", "fault"),
    [
        (HANS, "库存", "", "'Stock': not translated"),
        (HANS, "库存", "庫存", "'Stock': 庫 is written 库"),
        (HANS, "%(n)s 张工单", "%(x)s 张工单", "'%(n)s order': placeholders differ: '%(x)s 张工单'"),
        (HANS, 'msgid "Stock"', '#, fuzzy\nmsgid "Stock"', "'Stock': marked as fuzzy"),
        (HANT, "採購申請", "采購申請", "'Purchase applications': 采購 is written 採購"),
        (HANT, "庫存", "庫存质量", "'Stock': 质 is written 質"),
        (HANT, "庫存", "庫存信息", "'Stock': 信息 is written 資訊"),
        (HANS, 'msgid "Stock"', 'msgid "Stocks"', "'Stock': missing; run manage.py messages"),
        (HANS, 'msgid "Stock"', 'msgid "Stocks"', "'Stocks': nothing says this any more; run manage.py messages"),
    ],
)
def test_check_names_file_text_and_fault(tree, locale, old, new, fault):
    translated(tree)
    replace(tree.po("procurement", locale), old, new)
    assert f"procurement/locale/{locale}/LC_MESSAGES/django.po: {fault}" in check(tree, tree.apps)


def test_check_names_a_stale_compiled_file(tree):
    translated(tree)
    replace(tree.po("procurement", HANS), "库存", "存货")
    name = "procurement/locale/zh_Hans/LC_MESSAGES/django.po"
    assert check(tree, tree.apps) == [f"{name}: its compiled file is out of date; run manage.py messages"]


def test_check_names_words_of_programmers(tree):
    (tree.root / "ui" / "words.py").write_text('from gettext import gettext\ngettext("Invalid SLA of %(object)s")')
    update(tree, tree.apps)
    faults = check(tree, tree.apps)
    assert "ui (code): 'Invalid SLA of %(object)s': Invalid is no word of the interface" in faults
    assert "ui (code): 'Invalid SLA of %(object)s': SLA is no word of the interface" in faults
    assert not any("object is no word" in fault for fault in faults)


def test_check_names_one_text_said_in_two_ways(tree):
    translated(tree)
    (tree.root / "ui" / "words.py").write_text('from gettext import gettext\ngettext("Stock")')
    update(tree, tree.apps)
    replace(tree.po("ui", HANS), "库存", "存货")
    update(tree, tree.apps)
    name = "procurement/locale/zh_Hans/LC_MESSAGES/django.po"
    assert f"{name}: 'Stock': 库存 here, 存货 in ui" in check(tree, tree.apps)


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("后勤保障部", "後勤保障部"),
        ("保洁员", "清潔員"),
        ("每周质量检查", "每週品質檢查"),
        ("打印二维码标签", "列印QR 碼標籤"),
        ("登录名或工号", "登入名或工號"),
        ("不符合同类医院组", "不符合同類醫院組"),
        ("指标本月达标", "指標本月達標"),
        ("信息科已挂起工单", "資訊科已暫停處理工單"),
        ("余氯超时未复查", "餘氯逾時未複查"),
        ("污水处理站设备运行记录", "污水處理站設備運行記錄"),
        ("社区卫生服务中心", "社區衛生服務中心"),
        ("在线台账", "線上台帳"),
    ],
)
def test_traditional_text(simplified, traditional):
    assert to_traditional(simplified) == traditional
    assert faults_of_traditional(traditional) == []
    assert faults_of_simplified(simplified) == []


def test_every_term_is_itself_without_fault():
    assert {hans: to_traditional(hans) for hans in terms()} == terms()
    assert [faults_of_traditional(hant) for hant in terms().values() if faults_of_traditional(hant)] == []
    assert [faults_of_simplified(hans) for hans in terms() if faults_of_simplified(hans)] == []
