package io.ostiary.atlassian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ostiary.bridge.Session;
import java.util.Map;
import javax.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.Test;

class SeraphTest {

  private static final Session FACTS =
      Session.parse("{\"name_id\":{\"value\":\"b.simon@contoso.example\"},\"attributes\":{}}");

  private final FakeHost host = new FakeHost();
  private final HttpServletRequest request = Fakes.request(Map.of());

  private Seraph seraph(Object authenticator, Object guard) throws HostException {
    return Seraph.of(
        Product.jira("1"),
        Fakes.context(host.new Config(authenticator, guard)),
        SeraphTest.class.getClassLoader());
  }

  private Seraph seraph() throws HostException {
    return seraph(host.new CustomAuthenticator(), host.new Guard());
  }

  @Test
  void signs_in_through_the_host_and_moves_the_last_login_date_once() throws HostException {
    FakeHost.User simon = host.add("b.simon");
    Sessions sessions = new Sessions();
    assertThat(sessions.signIn(seraph(), simon, FACTS, request, request, null)).isTrue();
    assertThat(host.calls).containsExactly("last login b.simon");
    assertThat(sessions.user(request)).isEqualTo("b.simon");
    assertThat(sessions.facts(request).json()).isEqualTo(FACTS.json());
  }

  @Test
  void keeps_no_facts_of_one_user_for_another() throws HostException {
    Sessions sessions = new Sessions();
    assertThat(sessions.signIn(seraph(), host.add("b.simon"), FACTS, request, request, null))
        .isTrue();
    request
        .getSession(true)
        .setAttribute("seraph_defaultauthenticator_user", host.add("somebody.else"));
    assertThat(sessions.facts(request)).isNull();
  }

  @Test
  void tries_a_name_as_it_is_and_then_in_lower_case() throws HostException {
    host.add("b.simon");
    assertThat(seraph().find("B.Simon").getName()).isEqualTo("b.simon");
    assertThat(host.calls).containsExactly("getUser B.Simon", "getUser b.simon");
    assertThat(seraph().find("nobody")).isNull();
  }

  @Test
  void takes_no_user_of_another_name() throws HostException {
    host.users.put("simon@contoso.example", new FakeHost.User("admin"));
    assertThat(seraph().find("simon@contoso.example")).isNull();
  }

  /** The Kelvin sign, both Turkish letters i, the long s and the Angstrom sign. */
  @Test
  void takes_no_look_alike_for_a_name_in_another_case() throws HostException {
    for (String[] pair :
        new String[][] {
          {"\u212aelvin", "kelvin"},
          {"\u0131gor", "igor"},
          {"\u0130gor", "igor"},
          {"\u017fimon", "simon"},
          {"\u212bsa", "\u00e5sa"}
        }) {
      host.add(pair[1]);
      assertThat(seraph().find(pair[0])).as(pair[0]).isNull();
      host.users.put(pair[0], new FakeHost.User(pair[1]));
      assertThat(seraph().find(pair[0])).as(pair[0] + " where the host folds").isNull();
    }
    host.add("\u00e9lodie");
    assertThat(seraph().find("\u00c9LODIE").getName()).isEqualTo("\u00e9lodie");
  }

  @Test
  void tells_refusals_apart() throws HostException {
    host.add("b.simon");
    host.add("gone").active = false;
    HostUsers users = new HostUsers(seraph(), request);
    assertThat(answer(users, "b.simon")).isEqualTo("found b.simon");
    assertThat(answer(users, "nobody")).isEqualTo("refused not-found");
    assertThat(answer(users, "gone")).isEqualTo("refused inactive");
    host.canLogin = false;
    assertThat(answer(users, "b.simon")).isEqualTo("refused not-permitted");
  }

  @Test
  void lets_a_customer_of_a_portal_in_who_has_no_licence() throws HostException {
    host.add("customer");
    host.portalOnly = true;
    assertThat(answer(new HostUsers(seraph(), request), "customer")).isEqualTo("found customer");
    assertThat(TowardsRequest.of(request, "/jira/browse/X-1")).isSameAs(request);
    assertThat(TowardsRequest.of(request, "/jira/servicedesk/customerx")).isSameAs(request);
    assertThat(
            TowardsRequest.of(request, "/jira/servicedesk/customer/portal/1?q=2").getServletPath())
        .isEqualTo("/servicedesk/customer/portal/1");
  }

  private static String answer(HostUsers users, String name) {
    return users.find(name).toString();
  }

  @Test
  void names_an_authenticator_that_it_cannot_use() {
    assertThatThrownBy(() -> seraph(new Object(), host.new Guard()))
        .isInstanceOf(HostLacks.class)
        .hasMessageContaining("java.lang.Object")
        .hasMessageContaining("DefaultAuthenticator");
  }

  @Test
  void names_what_keeps_no_last_login_date() throws HostException {
    Seraph without =
        seraph(host.new CustomAuthenticator(), new FakeHost.NoopElevatedSecurityGuard());
    assertThat(without.lacks(request))
        .singleElement()
        .asString()
        .contains("com.atlassian.jira.security.login.LoginManager");
    assertThat(seraph().lacks(request)).isEmpty();
  }

  @Test
  void signs_out_through_the_host_and_removes_the_remember_me_cookie() throws HostException {
    seraph()
        .signOut(
            request, Fakes.proxy(javax.servlet.http.HttpServletResponse.class, (a, b, c) -> null));
    assertThat(host.calls).containsExactly("logout", "remember-me removed");
  }
}
