"""The web pages in a real browser: they show, filter, print nothing foreign, and axe-core finds no violation.

    pip install playwright axe-playwright-python      (Debian: apt-get install chromium)
    python3 tests/browser/pages.py target/release [FOLDER FOR SCREENSHOTS]

The programs are those in the folder named first. `.ci/run` runs this wherever there is a Chromium.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(sys.argv[1]).resolve()
SHOTS = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
HOSTILE = (
    "Mayor <script>window.taken = 1</script> accuses council\n\n"
    "The mayor accused <img src=x onerror='window.taken = 2'> the council of fraud, Ada Lorn said.\n"
)
NAMES = ("one", "many", "hostile", "explained", "report", "comparison")
# The contrast of an element's outline with what is painted behind it.
CONTRAST = """element => {
    const canvas = document.createElement("canvas").getContext("2d");
    const paint = colour => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); };
    const luminance = () => {
        const linear = Array.from(canvas.getImageData(0, 0, 1, 1).data.slice(0, 3), part =>
            part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    };
    const around = [];
    for (let inner = element; inner; inner = inner.parentElement) around.unshift(inner);
    around.forEach(outer => paint(getComputedStyle(outer).backgroundColor));
    const behind = luminance();
    paint(getComputedStyle(element).outlineColor);
    const [low, high] = [behind, luminance()].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
}"""
WIDTHS, SCHEMES = (360, 800, 1400), ("light", "dark")


def rhetor(*arguments, program="rhetor"):
    subprocess.run([PROGRAMS / program, *map(str, arguments)], check=True, cwd=REPOSITORY, stdout=subprocess.DEVNULL)


def chromium():
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        cls.pages = {name: cls.folder / f"{name}.html" for name in NAMES}
        hostile = cls.folder / "hostile.txt"
        hostile.write_text(HOSTILE)
        rhetor("classify", "data/articles/ceasefire.txt", "--fast", "-o", cls.pages["one"])
        rhetor("classify", "data/articles", "--fast", "-o", cls.pages["many"])
        rhetor("classify", hostile, "--fast", "-t", "0.1", "-o", cls.pages["hostile"])
        rhetor("classify", "data/articles/ceasefire.txt", "--fast", "--explain", "-o", cls.pages["explained"])
        rhetor("evaluate", "data/test", "-m", "lexical", "-o", cls.pages["report"])
        theirs = cls.folder / "theirs.csv"
        rhetor("classify", "data/articles", "--fast", "-o", theirs)
        rhetor("evaluate", "data/articles", "-m", "lexical", "--predictions", theirs, "-o", cls.pages["comparison"])
        cls.playwright = sync_playwright().start()
        cls.browser = cls.playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.playwright.stop()
        shutil.rmtree(cls.folder)

    def open(self, name, fragment="", **options):
        """A page in a fresh context; asking for anything but the file itself, or an error in its script, fails the test."""
        context = self.browser.new_context(**options)
        self.addCleanup(context.close)
        page = context.new_page()
        self.requests, self.errors = [], []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.goto(self.pages[name].as_uri() + fragment)
        self.assertEqual(len(self.requests), 1, self.requests)
        self.assertEqual(self.errors, [])
        return page

    def marked(self, page):
        return page.locator("mark[class^=l]").count()

    def test_a_label_unticked_takes_its_highlights_away(self):
        page = self.open("one")
        before, tags = self.marked(page), page.locator(".tag:visible").count()
        own = page.locator(".tag[data-label='0']").count()
        self.assertGreater(own, 0)
        self.assertGreater(tags, own)
        page.get_by_role("checkbox", name="accusation").uncheck()
        self.assertEqual(page.locator(".tag:visible").count(), tags - own)
        self.assertLess(self.marked(page), before)
        self.assertIn(f"{self.marked(page)} of {before} tagged sentences", page.locator('#filters [role=status]').inner_text())
        background = "mark => getComputedStyle(mark).backgroundColor"
        self.assertEqual(page.locator(".off mark").first.evaluate(background), "rgba(0, 0, 0, 0)")
        self.assertNotEqual(page.locator("p mark[class]").first.evaluate(background), "rgba(0, 0, 0, 0)")
        page.get_by_role("button", name="Show all").click()
        expect(page.locator("mark[class^=l]")).to_have_count(before)
        self.assertEqual((page.locator(".off").count(), page.locator(".tag:visible").count()), (0, tags))

    def test_probability_and_speaker_filter(self):
        page = self.open("many")
        all_tags = page.locator(".tag").count()
        shown = "Array.from(document.querySelectorAll('.tag')).filter(tag => !tag.hidden)"
        slider = page.get_by_label("At least")
        slider.fill("80")
        left = page.evaluate(f"{shown}.map(tag => Number(tag.dataset.p))")
        self.assertTrue(0 < len(left) < all_tags and min(left) >= 0.8, left)
        self.assertEqual(page.locator("#filters output").inner_text(), "80%")
        slider.fill("0")
        choice = page.locator("[name=speaker] option").nth(2)
        page.locator("[name=speaker]").select_option(choice.get_attribute("value"))
        count = int(choice.inner_text().rsplit("(", 1)[1].rstrip(")"))
        self.assertEqual(page.evaluate(f"{shown}.length"), count)

    def test_the_keyboard_suffices(self):
        page = self.open("one")
        page.keyboard.press("Tab")
        self.assertEqual(page.evaluate("document.activeElement.className"), "skip")
        page.keyboard.press("Tab")
        before = self.marked(page)
        self.assertEqual(page.evaluate("document.activeElement.name"), "label")
        page.keyboard.press("Space")
        self.assertLess(self.marked(page), before)

    def test_without_script_it_is_a_page_all_the_same(self):
        page = self.open("one", java_script_enabled=False)
        self.assertFalse(page.locator("#filters").is_visible())
        self.assertGreater(page.locator(".tag:visible").count(), 5)
        page = self.open("report", java_script_enabled=False)
        self.assertFalse(page.locator(".explorer").first.is_visible())
        self.assertTrue(page.locator("svg").first.is_visible())

    def test_words_that_drove_a_tag_are_framed_and_not_by_colour_alone(self):
        outline = "word => getComputedStyle(word).outlineStyle"
        for scheme in SCHEMES:
            page = self.open("explained", color_scheme=scheme)
            for place in (".text h3", "h2", ".text p"):
                for word in page.locator(f"{place} mark[class^=l] strong").all():
                    with self.subTest(scheme=scheme, place=place, word=word.inner_text()):
                        self.assertEqual(word.evaluate(outline), "solid")
                        self.assertGreaterEqual(word.evaluate("word => parseFloat(getComputedStyle(word).outlineWidth)"), 1)
                        self.assertGreaterEqual(word.evaluate(CONTRAST), 3)
                        self.assertGreaterEqual(int(word.evaluate("word => getComputedStyle(word).fontWeight")), 700)
            self.assertGreater(page.locator(".text p mark strong").count(), 5)
            self.assertGreater(page.locator("h2 mark strong").count(), 0, "a heading is bold throughout: the frame tells")
            page.get_by_role("checkbox", name="accusation").uncheck()
            words = page.locator(".off mark:not([class^=l]) strong")
            self.assertGreater(words.count(), 0)
            self.assertEqual({word.evaluate(outline) for word in words.all()}, {"none"})

    def test_nothing_in_an_article_runs(self):
        page = self.open("hostile")
        self.assertIsNone(page.evaluate("window.taken ?? null"))
        self.assertIn("<script>window.taken", page.locator("h2").inner_text())

    def test_articles_are_reached_from_the_list(self):
        page = self.open("many")
        self.assertEqual(page.locator("article:visible").count(), 0)
        page.locator("#all .list a").nth(2).click()
        self.assertEqual(page.locator("article:visible").count(), 1)
        self.assertFalse(page.locator("#all").is_visible())
        page.get_by_role("link", name="All articles").click()
        self.assertTrue(page.locator("#all").is_visible())

    def test_all_articles_are_printed(self):
        page = self.open("many")
        page.emulate_media(media="print")
        self.assertEqual(page.locator("article:visible").count(), page.locator("article").count())
        self.assertFalse(page.locator("#filters").is_visible())

    def test_a_threshold_moves_precision_and_recall(self):
        page = self.open("report")
        form = page.locator(".explorer").first
        slider, output, dot = form.get_by_role("slider"), form.locator("output"), page.locator("#dot0")
        before, place = output.inner_text(), dot.get_attribute("cx")
        slider.fill("90")
        self.assertNotEqual(output.inner_text(), before)
        self.assertLess(float(dot.get_attribute("cx")), float(place), "recall falls as the threshold rises")
        form.get_by_role("button").click()
        expect(output).to_have_text(before)

    def test_axe_finds_no_violation(self):
        for name, fragment in (("one", ""), ("many", ""), ("many", "#a3"), ("explained", ""), ("report", ""), ("comparison", "")):
            for scheme in SCHEMES:
                for width in WIDTHS:
                    with self.subTest(page=name + fragment, scheme=scheme, width=width):
                        # axe-core is brought in from outside, which the page's own policy forbids.
                        size = {"width": width, "height": 900}
                        page = self.open(name, fragment, viewport=size, color_scheme=scheme, bypass_csp=True)
                        found = Axe().run(page).response["violations"]
                        self.assertEqual([(rule["id"], rule["nodes"][0]["html"]) for rule in found], [])
                        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), width)
                        if SHOTS:
                            page.screenshot(path=SHOTS / f"{name}{fragment.replace('#', '-')}-{scheme}-{width}.png")


if __name__ == "__main__":
    result = unittest.TextTestRunner(verbosity=1).run(unittest.defaultTestLoader.loadTestsFromTestCase(Pages))
    failed = len(result.failures) + len(result.errors)
    print(f"browser: {result.testsRun - failed} passed, {failed} failed")
    sys.exit(failed > 0)
