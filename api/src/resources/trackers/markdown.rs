//! Markdown as HTML that is safe to show anywhere: rendered, then sanitised.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

/// Deeper nesting is flattened to this depth: no narrative needs more, and the time to sanitise it would grow with its
/// square.
const DEEPEST: usize = 30;

/// The elements that Markdown produces, and similar ones in plain HTML. Images are not among them: showing a narrative
/// fetches nothing.
const TAGS: [&str; 31] = [
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "dd",
    "del",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .tags(HashSet::from(TAGS).into_iter().chain(["ul"]).collect())
        .tag_attributes(HashMap::from([("a", HashSet::from(["href", "title"]))]))
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
});

/// A text in Markdown as sanitised HTML.
pub(super) fn to_html(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut depth = 0_usize;
    let shallow = Parser::new_ext(markdown, options).filter(|event| match event {
        // Only the description of an image is kept.
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => false,
        Event::Start(_) => {
            depth += 1;
            depth <= DEEPEST
        }
        Event::End(_) => {
            depth = depth.saturating_sub(1);
            depth < DEEPEST
        }
        Event::Text(_)
        | Event::Code(_)
        | Event::InlineMath(_)
        | Event::DisplayMath(_)
        | Event::Html(_)
        | Event::InlineHtml(_)
        | Event::FootnoteReference(_)
        | Event::SoftBreak
        | Event::HardBreak
        | Event::Rule
        | Event::TaskListMarker(_) => true,
    });
    let mut rendered = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut rendered, shallow);
    SANITISER.clean(&rendered).to_string()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    /// The longest HTML that a narrative becomes, in characters, as in the contract.
    const LONGEST_HTML: usize = 2_000_000;

    #[test]
    fn markdown_is_shown_as_html() {
        assert_eq!(to_html("# Rates\n\nfell *again*"), "<h1>Rates</h1>\n<p>fell <em>again</em></p>\n");
        assert_eq!(to_html("- a\n- b"), "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n");
        assert_eq!(
            to_html("[plan](https://example.org/plan)"),
            "<p><a href=\"https://example.org/plan\" rel=\"noopener noreferrer nofollow\">plan</a></p>\n"
        );
        assert!(to_html("|a|b|\n|-|-|\n|1|2|").contains("<td>1</td>"));
        assert_eq!(to_html("5 < 6 & 7"), "<p>5 &lt; 6 &amp; 7</p>\n");
    }

    #[test]
    fn nothing_in_it_acts_or_fetches() {
        for bad in [
            "<script>alert(1)</script>",
            "a <script>alert(1)</script> b",
            "<scr<script>ipt>alert(1)</script>",
            "<b onclick=\"alert(1)\">b</b>",
            "<p onmouseover='alert(1)'>p</p>",
            "<svg/onload=alert(1)>",
            "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
            "[a](javascript:alert(1))",
            "[a](JaVaScRiPt:alert(1))",
            "[a](java&#10;script:alert(1))",
            "[a]( javascript:alert(1))",
            "<javascript:alert(1)>",
            "<a href=\"javascript:alert(1)\">a</a>",
            "[a](data:text/html;base64,PHNjcmlwdD4=)",
            "![a](data:image/png;base64,AAAA)",
            "![a](https://example.org/counter.png)",
            "<img src=\"data:image/svg+xml,<svg onload=alert(1)>\">",
            "<iframe src=\"https://example.org\"></iframe>",
            "<form action=\"https://example.org\"><input name=a></form>",
            "<style>p{background:url(https://example.org)}</style>",
            "<p style=\"background:url(https://example.org)\">p</p>",
            "<!-- <script>alert(1)</script> -->",
            "```\"onmouseover=alert(1)\n```",
        ] {
            let shown = to_html(bad).to_lowercase();
            // A word in a text does nothing: what counts is what stands in a tag.
            let tags: String = shown.split('<').skip(1).filter_map(|part| part.split('>').next()).collect();
            for act in ["script", "on", "style", "src", "data:", "iframe", "form", "svg"] {
                let harmless = tags.replace("noopener", "").replace("strong", "");
                assert!(!harmless.contains(act), "{bad} is shown as {shown}");
            }
            assert!(!tags.contains("java"), "{bad} is shown as {shown}");
        }
    }

    /// As long as a narrative can be, and as deep, wide and repetitive as it can be.
    #[test]
    fn no_narrative_takes_long_or_grows_without_bound() {
        let fill = |piece: &str| piece.repeat(20_000 / piece.len());
        let references =
            format!("[a]: https://example.org/{}\n\n{}", "x".repeat(9_900), "[a] ".repeat(2_500));
        let mut texts = vec![references];
        let pieces = [
            ">",
            "> ",
            "- ",
            "*",
            "*a",
            "**a ",
            "[",
            "![",
            "<b>",
            "<em>",
            "<table>",
            "<a href=x>",
            "`",
            "&",
            "\"",
            "|",
            "- a\n",
            "1. ",
            "#",
            "\n> ",
            "_a_ ",
            "</p>",
            "<b",
            "<!--",
        ];
        texts.extend(pieces.map(fill));
        for text in texts {
            let begun = Instant::now();
            let shown = to_html(&text);
            let head: String = text.chars().take(12).collect();
            assert!(begun.elapsed() < Duration::from_secs(30), "{head} took {:?}", begun.elapsed());
            assert!(shown.chars().count() <= LONGEST_HTML, "{head} is {} long", shown.len());
        }
    }
}
