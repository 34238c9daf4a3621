"""The site in Chromium: found by search, read in the dark and on a phone, with the keyboard alone."""


def test_the_first_page_opens(open_page):
    page = open_page()
    assert "fkube" in page.title()
