package io.ostiary.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.ostiary.demo.stage.Demo;
import io.ostiary.demo.stage.PluginHost;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Both hosts on one name, told apart by context path alone, and an application at the root of that
 * name: one cookie jar, in which each finds its own.
 */
class DemoOneNameIT extends DemoStage {
  private static final String ISSUE = "/browse/DEMO-1";
  private static final String PAGE = "/display/DEMO/Home";

  DemoOneNameIT() {
    super(new Demo.Names("localhost", "localhost"), "Lax", "one-name");
  }

  /** Two attempts are open at once, and the first to be begun is the last to be finished. */
  private void signInToBoth(String user) {
    openAsStranger(demo.jira(), ISSUE);
    pressButton();
    browser.text("user-" + user);
    String second = browser.openTab(demo.wiki().url() + PAGE);
    pressButton();
    browser.text("user-" + user);
    choose(user);
    assertAt(demo.wiki(), PAGE, user);
    browser.lookAtFirst();
    choose(user);
    assertAt(demo.jira(), ISSUE, user);
    browser.look(second);
    assertSignedIn(demo.wiki(), PAGE, user);
    assertSignedIn(demo.jira(), ISSUE, user);
  }

  private void assertSignsOutAlone(PluginHost host, String page, PluginHost other, String kept) {
    browser.open(host.url() + "/");
    browser.click("log_out");
    browser.awaitText("signed out");
    assertSignedIn(other, kept, "b.simon");
    openAsStranger(host, page);
  }

  @Test
  void keepsTheSignInsToBothApart() throws Exception {
    String root = visitStartPage();
    signInToBoth("b.simon");
    browser.shoot("both");
    assertArrivedAcrossSites(arrivals(demo.jira()));
    assertArrivedAcrossSites(arrivals(demo.wiki()));
    browser.open(demo.wiki().url() + PAGE);
    String wiki = session(demo.wiki());
    browser.open(demo.jira().url() + ISSUE);
    assertThat(List.of(root, wiki, session(demo.jira()))).doesNotHaveDuplicates();
    browser.open(demo.url());
    assertThat(browser.cookie(SESSION, "/")).as("the third application's").isEqualTo(root);
  }

  @Test
  void signsOutOfJiraAlone() throws Exception {
    visitStartPage();
    signInToBoth("b.simon");
    assertSignsOutAlone(demo.jira(), ISSUE, demo.wiki(), PAGE);
  }

  @Test
  void signsOutOfConfluenceAlone() throws Exception {
    visitStartPage();
    signInToBoth("b.simon");
    assertSignsOutAlone(demo.wiki(), PAGE, demo.jira(), ISSUE);
  }
}
