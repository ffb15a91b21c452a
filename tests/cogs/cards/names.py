"""Names that try to break a card."""

from hypothesis import strategies as st

HOSTILE = (
    "**bold** __under__ ~~gone~~ ||hidden|| `code` ```block```",
    "> quote",
    "# title",
    "@everyone @here <@123> <@&123> <#123> </run:1> <id:customize> <t:1:R> <:a:1>",
    "[click](https://example.org) https://example.org www.example.org",
    "line\nbreak\r\nand\u2028more\x00\x07",
    "\u202egnp.exe\u202d \u2066x\u2069 \u200f",
    "שלום עולם العربية",
    "👩‍👩‍👧‍👦" * 14,
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿" * 14,
    "Z̸̡̢̛̗̖a̵̛͓̱l̶̢̛g̷̨̛o̴̡",
    "`" * 100,
    "\\" * 100,
    "x" * 100,
    "\ud800 lone",
    "   ",
    "\u200b\u2060",
    "",
)
names = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=100),
    st.text("`*_~|<>@#:\\/[]()\u202e\n é🚀", max_size=100),
    st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=3).map(lambda parts: "".join(parts)[:100]),
)
