package io.ostiary.atlassian;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoginPageTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      quoteCharacter = '`',
      value = {
        "/login.jsp, none, none",
        "/login.jsp, os_destination=%2Fbrowse%2FX-1%3Ffilter%3D3%26a%3Db, /jira/browse/X-1?filter=3&a=b",
        "/login.jsp, permissionViolation=true&os_destination=%2Fjira%2Fbrowse%2FX-1, /jira/browse/X-1",
        "/login.jsp, os_destination=%2F%2Fevil.example, none",
        "/login.jsp, os_destination=https%3A%2F%2Fevil.example, none",
        "/login.jsp, os_destination=%zz, none",
        "/secure/Dashboard.jspa, none, /jira/secure/Dashboard.jspa",
        "/secure/Dashboard.jspa, selectPageId=1&x=%C3%BC, /jira/secure/Dashboard.jspa?selectPageId=1&x=%C3%BC",
        "/servicedesk/customer/user/login, destination=portals, /jira/servicedesk/customer/portals",
        "/servicedesk/customer/user/login, destination=portal%2F2, /jira/servicedesk/customer/portal/2",
        "/servicedesk/customer/user/login, none, /jira/servicedesk/customer/portals",
        "/servicedesk/customer/user/login, destination=https%3A%2F%2Fevil.example, /jira/servicedesk/customer/portals",
      })
  void finds_the_page_that_the_visitor_wants(String path, String query, String target) {
    assertThat(LoginPage.target("/jira", path, query)).isEqualTo(target);
  }
}
