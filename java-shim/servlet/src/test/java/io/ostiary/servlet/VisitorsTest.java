package io.ostiary.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.ostiary.bridge.Session;
import io.ostiary.web.SessionSlot;
import java.security.Principal;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpSession;
import org.junit.jupiter.api.Test;

class VisitorsTest {

  private static final String SIMON = facts("simon@contoso.example", null);

  private final Visitors visitors = new Visitors(new SessionSlot("test"));

  @Test
  void signs_in_where_there_was_no_session() {
    HttpServletRequest request = Fakes.requestIn(null);
    assertThat(visitors.signedIn(request)).isNull();
    visitors.signIn(request, "b.simon", Session.parse(SIMON));
    assertThat(visitors.signedIn(request).user()).isEqualTo("b.simon");
    assertThat(visitors.signedIn(request).notOnOrAfterMillis()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void renews_the_session_and_keeps_its_attributes_and_interval() {
    HttpSession before = Fakes.session();
    before.setAttribute("basket", "apples");
    before.setMaxInactiveInterval(77);
    HttpServletRequest request = Fakes.requestIn(before);
    visitors.signIn(request, "b.simon", Session.parse(SIMON));
    assertThat(Fakes.hasEnded(before)).isTrue();
    assertThat(request.getSession(false).getAttribute("basket")).isEqualTo("apples");
    assertThat(request.getSession(false).getMaxInactiveInterval()).isEqualTo(77);
  }

  @Test
  void keeps_nothing_of_the_user_before() {
    HttpServletRequest request = Fakes.requestIn(null);
    visitors.signIn(request, "a.adams", Session.parse(facts("ada", null)));
    request.getSession(false).setAttribute("basket", "ada's");
    visitors.signIn(request, "b.simon", Session.parse(SIMON));
    assertThat(request.getSession(false).getAttribute("basket")).isNull();
    assertThat(visitors.signedIn(request).user()).isEqualTo("b.simon");
  }

  @Test
  void keeps_the_attributes_of_a_user_who_signs_in_again() {
    HttpServletRequest request = Fakes.requestIn(null);
    visitors.signIn(request, "b.simon", Session.parse(SIMON));
    request.getSession(false).setAttribute("basket", "apples");
    visitors.signIn(request, "b.simon", Session.parse(SIMON));
    assertThat(request.getSession(false).getAttribute("basket")).isEqualTo("apples");
  }

  @Test
  void ends_a_session_whose_time_has_come() {
    HttpServletRequest request = Fakes.requestIn(null);
    visitors.signIn(request, "b.simon", Session.parse(facts("simon", 1L)));
    HttpSession session = request.getSession(false);
    assertThat(visitors.signedIn(request)).isNull();
    assertThat(Fakes.hasEnded(session)).isTrue();
  }

  @Test
  void does_not_take_the_users_of_another_configuration() {
    HttpServletRequest request = Fakes.requestIn(null);
    visitors.signIn(request, "b.simon", Session.parse(SIMON));
    assertThat(new Visitors(new SessionSlot("other")).signedIn(request)).isNull();
  }

  @Test
  void shows_the_user_and_leaves_roles_to_the_container() {
    HttpServletRequest request = signedIn();
    assertThat(request.getRemoteUser()).isEqualTo("b.simon");
    assertThat(request.getAuthType()).isEqualTo("SAML");
    assertThat(request.isUserInRole("container-role")).isTrue();
    assertThat(request.isUserInRole("other")).isFalse();
    SsoPrincipal principal = (SsoPrincipal) request.getUserPrincipal();
    assertThat(principal.getName()).isEqualTo("b.simon");
    assertThat(principal.getNameId()).isEqualTo("simon@contoso.example");
    assertThat(principal.getNameIdFormat()).isNull();
    assertThat(principal.getAttributes()).containsOnlyKeys("mail");
    assertThat(principal.getAttributes().get("mail")).containsExactly("a@b.example", "c@d.example");
  }

  @Test
  void lets_the_application_sign_its_user_out() throws ServletException {
    HttpServletRequest request = signedIn();
    request.getSession(false).setAttribute("basket", "apples");
    request.logout();
    assertThat(request.getRemoteUser()).isNull();
    assertThat(request.getUserPrincipal()).isNull();
    assertThat(visitors.signedIn(request)).isNull();
    assertThat(request.getSession(false).getAttribute("basket")).isEqualTo("apples");
  }

  @Test
  void knows_equal_principals() {
    Principal one = new SsoPrincipal("b.simon", SIMON);
    assertThat(one)
        .isEqualTo(new SsoPrincipal("b.simon", SIMON))
        .hasSameHashCodeAs(new SsoPrincipal("b.simon", SIMON));
    assertThat(one).isNotEqualTo(new SsoPrincipal("b.simon", facts("ada", null)));
  }

  private HttpServletRequest signedIn() {
    HttpServletRequest request = Fakes.requestIn(null);
    visitors.signIn(request, "b.simon", Session.parse(SIMON));
    return new SignedInRequest(request, visitors.signedIn(request), visitors);
  }

  private static String facts(String nameId, Long until) {
    return "{\"name_id\":{\"value\":\""
        + nameId
        + "\"},\"session_index\":\"_1\",\"not_on_or_after_ms\":"
        + until
        + ",\"attributes\":{\"mail\":[\"a@b.example\",\"c@d.example\"]}}";
  }
}
