"""A person who uses the keyboard alone: whatever they press, they first come to with Tab."""

from playwright.sync_api import Locator

from tests.journeys.visitor import Visitor

FAR = 400  # presses of Tab after which something cannot be come to
ON_IT = "part => part === document.activeElement"
HAS_FOCUS = "parts => parts.findIndex(part => part === document.activeElement)"


class Typist(Visitor):
    """The same verbs as any visitor's, with no pointer."""

    def come_to(self, target: Locator) -> None:
        """Tab, from wherever the page is, until the target has the focus. It must then be seen to have it."""
        for _ in range(FAR):
            if target.evaluate(ON_IT):
                break
            self.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"{self.path}: nobody comes to {target} with Tab")
        box = target.bounding_box()
        assert box is not None and box["width"] > 0, f"{self.path}: {target} has the focus and is not seen"

    def _go(self, target: Locator) -> None:
        self.come_to(target)
        with self.going():
            self.page.keyboard.press("Enter")

    def choose(self, **answers: str | list[str]) -> None:
        for name, values in answers.items():
            for value in [values] if isinstance(values, str) else values:
                self.tick(self.page.locator(f'input[name="{name}"][value="{value}"]'))

    def tick(self, box: Locator) -> None:
        """A box by Space; a radio button by coming to its group and going down to it."""
        if box.is_checked():
            return
        if box.get_attribute("type") == "checkbox":
            self.come_to(box)
            self.page.keyboard.press("Space")
        else:
            self._go_down_to(box)
        assert box.is_checked(), f"{self.path}: {box} cannot be chosen by keyboard"

    def _go_down_to(self, radio: Locator) -> None:
        group = self.page.locator(f'input[type=radio][name="{radio.get_attribute("name")}"]')
        for _ in range(FAR):
            if group.evaluate_all(HAS_FOCUS) >= 0:
                break
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if radio.is_checked():
                return
            self.page.keyboard.press("ArrowDown")

    def fill(self, **texts: str) -> None:
        for name, text in texts.items():
            self.come_to(self.page.locator(f'[name="{name}"]'))
            self.page.keyboard.press("ControlOrMeta+A")
            self.page.keyboard.insert_text(text)

    def select(self, **answers: str) -> None:
        for name, words in answers.items():
            box = self.page.locator(f'select[name="{name}"]')
            self.come_to(box)
            self.page.keyboard.type(words)
            assert box.locator("option:checked").inner_text() == words

    def open_up(self, words: str) -> None:
        """A part of the page that is folded away."""
        summary = self.page.locator("summary", has_text=words).first
        self.come_to(summary)
        self.page.keyboard.press("Enter")

    def _open(self, summary: Locator) -> None:
        self.come_to(summary)
        self.page.keyboard.press("Enter")
