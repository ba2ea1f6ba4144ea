"""The page that describes the API, under the strict content policy."""


def test_page_draws_every_resource_and_breaks_no_policy(browser, live_server):
    complaints = []
    page = browser.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(f"{live_server.url}/api/v1/docs/")
    page.wait_for_selector(".opblock", timeout=30_000)
    page.locator(".opblock").first.click()
    page.wait_for_selector(".opblock.is-open .responses-table")
    shown = page.locator(".opblock-summary-path").all_inner_texts()
    page.close()

    assert complaints == []
    assert len(shown) >= 14
