"""Papers and labels, read back as a reader of PDF sees them."""

import io

import pytest
from PIL import Image
from pypdf import PdfReader

from ui.labels import Label, labels_40x30, labels_a4
from ui.paper import draw_qr
from ui.pdf import Document, Signature

ADDRESS = "https://logistics.example.org/d/Ab3dE5f7H9k"


def pages(content):
    return PdfReader(io.BytesIO(content)).pages


def words(content):
    """All text of a PDF without its line ends, for Chinese breaks anywhere."""
    return "".join(page.extract_text() for page in pages(content)).replace("\n", "")


def slip(**more):
    return Document("报修单", hospital_name="仁和医院", form_number="HQ-07", version="3", qr_url=ADDRESS, **more)


def size_in_mm(page):
    return round(float(page.mediabox.width) / 72 * 25.4), round(float(page.mediabox.height) / 72 * 25.4)


@pytest.fixture
def drawing():
    buffer = io.BytesIO()
    Image.new("RGB", (300, 100), "black").save(buffer, "PNG")
    return buffer.getvalue()


def test_paper_says_everything_it_was_given(drawing):
    paper = slip()
    paper.facts([("位置", "3号楼"), ("报修人", "王芳"), ("说明", "水龙头漏水\n地面湿滑"), ("电话", None)])
    paper.heading("处理经过")
    paper.paragraph("更换角阀")
    paper.table(["名称", "数量"], [["角阀", 2], ["胶带", None]])
    paper.signatures(
        [Signature("报修人签字", name="王芳", when="2026-11-21 14:03", image=drawing), Signature("维修工")]
    )
    text = words(paper.render())
    for expected in (
        "仁和医院",
        "报修单",
        "3号楼",
        "水龙头漏水",
        "地面湿滑",
        "—",
        "处理经过",
        "更换角阀",
        "角阀",
        "胶带",
    ):
        assert expected in text
    assert "报修人签字 · 王芳 · 2026-11-21 14:03" in text
    assert "HQ-07" in text


def test_paper_numbers_its_pages_and_repeats_the_head_of_a_table(settings):
    settings.LANGUAGE_CODE = "en"
    paper = slip()
    paper.table(["名称", "数量"], [["角阀", number] for number in range(60)])
    read = [page.extract_text() for page in pages(paper.render())]
    assert len(read) == 2
    assert all("名称" in text and "仁和医院" in text for text in read)


@pytest.mark.parametrize(("size", "expected"), [("A4", (210, 297)), ("A5", (148, 210))])
def test_paper_has_the_size_asked_for(size, expected):
    assert size_in_mm(pages(slip(size=size).render())[0]) == expected


def test_paper_takes_markup_as_text():
    paper = slip()
    paper.paragraph("<script>alert(1)</script> <b>&amp; <para>")
    assert "<script>alert(1)</script> <b>&amp; <para>" in words(paper.render())


@pytest.mark.parametrize("text", ["漏" * 5_000, "x" * 5_000, "行\n" * 300, "\x00\x0b😀"])
def test_paper_bears_any_text(text):
    paper = slip(size="A5")
    paper.facts([("说明", text)])
    paper.paragraph(text)
    paper.table(["说明", "数量"], [[text, 1]])
    assert len(pages(paper.render())) >= 1


def test_title_with_rare_characters_is_set_whole():
    assert "門診大樓報修單" in words(Document("門診大樓報修單", hospital_name="聯合醫院").render())


def test_sheet_holds_24_labels():
    content = labels_a4([Label(f"房间{number}", "仁和医院", ADDRESS) for number in range(25)])
    assert [size_in_mm(page) for page in pages(content)] == [(210, 297)] * 2
    assert "房间23" in pages(content)[0].extract_text()
    assert pages(content)[1].extract_text().count("房间") == 1


def test_small_labels_take_a_page_each():
    content = labels_40x30([("心内科护士站", "P-0012", ADDRESS), ("配电间", "P-0013", ADDRESS)])
    assert [size_in_mm(page) for page in pages(content)] == [(40, 30)] * 2
    assert "P-0012" in pages(content)[0].extract_text()
    assert "配电间" in pages(content)[1].extract_text()


@pytest.mark.parametrize("labels", [labels_a4, labels_40x30])
def test_label_with_too_long_a_title_ends_with_dots(labels):
    text = words(labels([("很长的名字" * 40, "很长的说明" * 40, ADDRESS)]))
    assert "很长的名" in text
    assert text.count("…") == 2


class Squares:
    """Takes down the squares that are drawn."""

    def __init__(self):
        self.rects = []

    def beginPath(self):
        return self

    def rect(self, x, y, width, height):
        self.rects.append((x, y, width, height))

    def setFillGray(self, _grey):
        pass

    def drawPath(self, _path, **_how):
        pass


def test_qr_code_has_its_quiet_zone_and_finder():
    squares = Squares()
    draw_qr(squares, ADDRESS, 10, 20, 82)
    module = squares.rects[0][3]
    assert round(82 / module) == 41  # version 4: 33 modules and the quiet zone of 4 on each side
    assert min(x for x, *_ in squares.rects) == pytest.approx(10 + 4 * module)
    assert min(y for _x, y, *_ in squares.rects) == pytest.approx(20 + 4 * module)
    assert max(x + width for x, _y, width, _h in squares.rects) == pytest.approx(92 - 4 * module)
    assert squares.rects[0][2] == pytest.approx(7 * module)  # the upper edge of the finder pattern
