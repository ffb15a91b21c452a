import warnings
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from analytics.charts import fonts
from analytics.charts.fonts import FontBook, missing_glyphs, missing_packages
from analytics.charts.spec import BarsSpec, Ranked, RankingSpec, TimeAxis, Unit

if TYPE_CHECKING:
    from analytics.charts.painter import Painter

SAMPLES = {
    "latin": "The quick brown fox, 0123456789 — “quoted”…",
    "accents": "Zoë Ångström Łódź Đặng Thị Ñandú Şükrü ğ ő",
    "greek": "Γαλάξιας Ωμέγα",
    "cyrillic": "Съешь ещё этих мягких булок Ґїє",
    "hebrew": "שלום עולם (123)",
    "arabic": "مرحبا بالعالم ١٢٣ گچپژ",
    "hindi": "नमस्ते क्षत्रिय हिन्दी",
    "thai": "สวัสดีชาวโลก น้ำ",
    "chinese": "你好世界 繁體 骨直",
    "japanese": "こんにちは カタカナ 日本語",
    "korean": "안녕하세요 한글",
    "tamil": "வணக்கம் கொ",
    "bengali": "স্বাগতম ক্ষ",
    "georgian": "გამარჯობა მსოფლიო",
    "armenian": "Բարեւ աշխարհ",
    "symbols": "★ → ♫ ✓ ☂ ∑ ½ € ₿ ∞ ▲ ◆ 𝓕𝓪𝓷𝓬𝔂 𝕹𝖆𝖒𝖊",  # noqa: RUF001 - people do call themselves so
    "emoji": "😀 🎉 👍🏽 👩‍👩‍👧 🇩🇪 ❤️ 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🫠",
    "mixed": "Zoë 漢 नमस्ते 😀 שלום ไทย ★ Ж",
}


@pytest.mark.parametrize("script", SAMPLES)
def test_every_script_is_drawn_without_a_missing_glyph(painter: "Painter", script: str) -> None:
    text = SAMPLES[script]
    spec = RankingSpec(title=text, subtitle=text, rows=(Ranked(text, 2.0), Ranked(text, 1.0)), x_label=text)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        canvas = painter.paint(spec)
        canvas.png()
    assert "□" not in "".join(text for text, _ in canvas.texts())
    assert missing_glyphs(text) == set()


def _ink(painter: "Painter", name: str) -> np.ndarray:
    """Rows and columns of a picture where a single name has left ink."""
    spec = RankingSpec(title="", rows=(Ranked(name, 1.0),), x_label="")
    canvas = painter.paint(spec)
    box = next(box for text, box in canvas.texts() if text == name)
    with Image.open(BytesIO(canvas.png())) as image:
        part = image.convert("L").crop((int(box.left), int(box.top), int(box.right) + 1, int(box.bottom) + 1))
    return np.asarray(part, dtype=float) - float(np.asarray(part).min()) > 60


def _strokes(ink: np.ndarray) -> int:
    """How many pieces stand side by side, parted by columns without ink."""
    columns = ink.any(axis=0).astype(int)
    return int((np.diff(columns, prepend=0) == 1).sum())


def test_arabic_letters_join(painter: "Painter") -> None:
    joined, apart = _ink(painter, "ببب"), _ink(painter, "ب ب ب")
    assert joined.shape[1] < 0.7 * apart.shape[1]
    assert _strokes(joined) == 1
    assert _strokes(apart) == 3


def test_hebrew_runs_from_the_right_also_within_latin(painter: "Painter") -> None:
    for name in ("ששילל", "abc ששילל"):
        ink = _ink(painter, name)
        word = ink[:, -round(ink.shape[1] * (1.0 if name.startswith("ש") else 0.6)) :]
        above = word[: max(2, word.shape[0] // 6)].any(axis=0)
        assert above[: above.size // 2].sum() > above[above.size // 2 :].sum(), name


def test_the_missing_glyph_warning_would_be_seen(painter: "Painter") -> None:
    import matplotlib.text  # noqa: PLC0415 - after the painter's settings

    stray = matplotlib.text.Text(0, 0, "\U0001e900", fontfamily="DejaVu Sans")
    canvas = painter.paint(
        BarsSpec(title="x", axis=TimeAxis(Unit.DAY, date(2026, 1, 1)), values=(1.0,), y_label="y")
    )
    canvas._figure.add_artist(stray)
    with pytest.warns(UserWarning, match="missing from font"):
        canvas.png()


def test_a_box_stands_for_what_no_font_has() -> None:
    book = FontBook.installed()
    assert book.missing("a𒀀b") == {"𒀀"}
    assert book.drawable("a𒀀b") == "a□b"
    assert missing_glyphs("plain") == set()


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("@\u0947", "@"),
        ("<\N{THAI CHARACTER SARA AM}", "<"),
        ("<\u200d\U0001f469", "<\U0001f469"),
        ("<\U0001f3fd", "<"),
        ("\U0001f600\u0301", "\U0001f600"),
    ],
)
def test_a_mark_that_no_font_has_with_its_letter_goes(painter: "Painter", name: str, drawn: str) -> None:
    assert FontBook.installed().drawable(name) == drawn
    spec = RankingSpec(title="", rows=(Ranked(name, 1.0),), x_label="")
    assert drawn in [text for text, _ in painter.paint(spec).texts()]


@pytest.mark.parametrize(
    "name", ["1\ufe0f\u20e3", "\U0001f44d\U0001f3fd", "\u0915\u094d\u200d\u0937", "\u0e19\u0e49\u0e33"]
)
def test_marks_stay_where_a_font_has_them(name: str) -> None:
    assert FontBook.installed().drawable(name) == name


def test_fonts_are_opened_only_for_texts_that_need_them() -> None:
    book = FontBook.installed()
    assert len(book.families("Plain Latin, Ελλάδα and Русский")) == 1
    assert len(book.families("Plain 漢字")) == 2
    assert len(book.families("Plain", heavy=True)) == 2


def test_chinese_characters_take_the_forms_of_the_language_around_them() -> None:
    book = FontBook.installed()
    assert book.language("日本語のかな") == "ja"
    assert book.language("한국어 漢字") == "ko"
    assert book.language("简体中文") == "zh-Hans"
    assert book.language("Latin") is None


def test_a_missing_font_package_is_named_and_leaves_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "NOTO_CJK", "no_such_fonts")
    monkeypatch.setattr(fonts, "PACKAGES", (fonts.NOTO, "no_such_fonts"))
    assert missing_packages() == ("no_such_fonts",)
    assert missing_glyphs("a漢") == {"漢"}


def test_all_font_packages_are_installed() -> None:
    assert missing_packages() == ()


def test_the_shipped_font_has_its_licence_beside_it() -> None:
    folder = Path(fonts.__file__).with_name("font_files")
    assert {path.name for path in folder.glob("*.ttf")} == {"NotoSans-SemiBold.ttf"}
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8")
