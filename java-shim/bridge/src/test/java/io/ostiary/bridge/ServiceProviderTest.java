package io.ostiary.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The typed API against the test identity provider: the three calls, and what becomes of mistakes.
 */
@Timeout(60)
class ServiceProviderTest {
  private static final String SITE = "http://localhost:9/";
  private static final String ACS = SITE + "plugins/servlet/saml/auth";

  private static TestIdp idp;
  @TempDir private Path directory;
  private ServiceProvider sp;
  private final Map<String, String> cookies = new HashMap<>();

  @BeforeAll
  static void startIdp() throws IOException {
    idp = new TestIdp(SITE);
  }

  @AfterAll
  static void stopIdp() {
    idp.close();
  }

  @BeforeEach
  void open() throws IOException {
    sp = setup().metadata(idp.metadataUrl()).open();
  }

  @AfterEach
  void close() {
    sp.close();
  }

  private static ServiceProvider.Setup setup() {
    return ServiceProvider.at(SITE, ACS).development();
  }

  /** What a browser does with the cookies of an answer. */
  private Response keep(Response response) {
    for (String cookie : response.cookies()) {
      String pair = cookie.substring(0, cookie.indexOf(';'));
      cookies.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    return response;
  }

  private SignIn signIn(String user, String target, String misbehave) throws Exception {
    Response start = keep(sp.signOn(target, cookies));
    Map<String, String> form = idp.signIn(start.location(), user, misbehave);
    return sp.consume(form.get("SAMLResponse"), form.get("RelayState"), cookies);
  }

  @Test
  void signsAUserInWithThreeCalls() throws Exception {
    SignIn signIn = signIn("j.ozturk", "/inbox?unread=1&sort=a%2Bb", "none");
    assertThat(signIn.code()).isEqualTo(Codes.SIGNED_IN);
    assertThat(signIn.isSignedIn()).isTrue();
    assertThat(signIn.user()).isEqualTo("j.ozturk@contoso.example");
    assertThat(signIn.nameId().value()).isEqualTo("j.ozturk@contoso.example");
    assertThat(signIn.target()).isEqualTo("/inbox?unread=1&sort=a%2Bb");
    assertThat(signIn.attributes().values()).contains(List.of("J\u00f6rg \u00d6zt\u00fcrk"));
    assertThat(signIn.response().status()).isEqualTo(303);
    assertThat(signIn.response().location()).isEqualTo("/inbox?unread=1&sort=a%2Bb");
    assertThat(Session.parse(signIn.session().json()).attributes()).isEqualTo(signIn.attributes());
    assertThat(signIn.toString()).doesNotContain("ozturk");
  }

  @Test
  void opensFromAMetadataDocument() throws Exception {
    sp.close();
    sp = setup().metadata(idp.metadata()).open();
    assertThat(sp.isReady()).isTrue();
    assertThat(signIn("b.simon", "/", "none").isSignedIn()).isTrue();
  }

  @Test
  void refusesWithACodeAndAPageThatSaysNoMore() throws Exception {
    SignIn signIn = signIn("b.simon", "/inbox", "wrong-audience");
    assertThat(signIn.isSignedIn()).isFalse();
    assertThat(signIn.code()).isEqualTo(Codes.AUDIENCE_MISMATCH);
    assertThat(signIn.user()).isNull();
    assertThat(signIn.nameId()).isNull();
    assertThat(signIn.session()).isNull();
    assertThat(signIn.target()).isNull();
    assertThat(signIn.attributes()).isEmpty();
    assertThat(signIn.response().status()).isBetween(400, 499);
    assertThat(signIn.response().body())
        .contains(Codes.AUDIENCE_MISMATCH)
        .contains(signIn.correlation())
        .doesNotContain("b.simon");
  }

  @Test
  void signsNobodyInTwiceWithOneResponse() throws Exception {
    Response start = keep(sp.signOn("/", cookies));
    Map<String, String> form = idp.signIn(start.location(), "b.simon", "none");
    assertThat(sp.consume(form.get("SAMLResponse"), form.get("RelayState"), cookies).isSignedIn())
        .isTrue();
    SignIn again = sp.consume(form.get("SAMLResponse"), form.get("RelayState"), cookies);
    assertThat(again.isSignedIn()).isFalse();
    assertThat(again.response().location())
        .startsWith(start.location().substring(0, start.location().indexOf('?')));
  }

  @Test
  void refusesAResponseInABrowserThatDidNotAsk() throws Exception {
    Map<String, String> form = idp.signIn(sp.signOn("/", cookies).location(), "b.simon", "none");
    SignIn elsewhere =
        sp.consume(form.get("SAMLResponse"), form.get("RelayState"), new HashMap<>());
    assertThat(elsewhere.isSignedIn()).isFalse();
  }

  @Test
  void refusesEmptyAndSenselessForms() {
    for (String response : new String[] {null, "", "nonsense", "\uD83D\uDE00", "PGE+"}) {
      SignIn signIn = sp.consume(response, null, cookies);
      assertThat(signIn.isSignedIn()).isFalse();
      assertThat(signIn.code()).isNotEmpty();
      assertThat(signIn.response().status()).isBetween(400, 499);
    }
  }

  @Test
  void sendsAUserHomeWhoWantedToGoElsewhere() throws Exception {
    for (String target :
        new String[] {
          "https://evil.example.com/", "//evil.example.com/", "/\\evil.example.com", "inbox", ""
        }) {
      assertThat(signIn("b.simon", target, "none").target()).as(target).isEqualTo("/");
    }
  }

  @Test
  void asksTheDirectoryOfTheApplication() throws Exception {
    sp.close();
    Map<String, UserDirectory.Answer> answers = new HashMap<>();
    answers.put("b.simon@contoso.example", UserDirectory.Answer.found("simon"));
    answers.put("i.inactive@contoso.example", UserDirectory.Answer.inactive());
    answers.put("g.guest@fabrikam.example", UserDirectory.Answer.notPermitted());
    sp =
        setup()
            .metadata(idp.metadataUrl())
            .users(user -> answers.getOrDefault(user, UserDirectory.Answer.notFound()))
            .open();
    assertThat(signIn("b.simon", "/", "none").user()).isEqualTo("simon");
    assertThat(signIn("i.inactive", "/", "none").code()).isEqualTo(Codes.USER_INACTIVE);
    assertThat(signIn("g.guest", "/", "none").code()).isEqualTo(Codes.USER_NOT_PERMITTED);
    assertThat(signIn("a.adams", "/", "none").code()).isEqualTo(Codes.USER_NOT_FOUND);
  }

  @Test
  void goesOnAfterARestartWithWhatWasKept() throws Exception {
    FileSettingsStore store = new FileSettingsStore(directory.resolve("saml.json").toFile());
    sp.close();
    sp = setup().metadata(idp.metadataUrl()).keptIn(store).open();
    String metadata = sp.metadata();
    Response start = keep(sp.signOn("/inbox", cookies));
    sp.close();
    OneTimeStore rememberingNode = (key, until, issued) -> OneTimeStore.Reservation.RESERVED;
    Fetcher unreachable = (url, maxBytes, timeout) -> Fetcher.Fetched.failed("no network");
    sp =
        setup()
            .metadata(idp.metadataUrl())
            .keptIn(store)
            .oneTime(rememberingNode)
            .fetcher(unreachable)
            .open();
    assertThat(sp.isReady()).isTrue();
    assertThat(certificates(sp.metadata())).isNotEmpty().isEqualTo(certificates(metadata));
    Map<String, String> form = idp.signIn(start.location(), "b.simon", "none");
    assertThat(sp.consume(form.get("SAMLResponse"), form.get("RelayState"), cookies).target())
        .isEqualTo("/inbox");
  }

  private static List<String> certificates(String metadata) {
    return java.util.regex.Pattern.compile("X509Certificate>([^<]+)<")
        .matcher(metadata)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  @Test
  void isNotReadyWithoutTheMetadataAndSaysSo() throws Exception {
    sp.close();
    sp = setup().metadata(idp.metadataUrl() + "/absent").open();
    assertThat(sp.isReady()).isFalse();
    Response start = sp.signOn("/", cookies);
    assertThat(start.location()).isNull();
    assertThat(start.body()).contains(Codes.NO_SIGNING_KEY);
  }

  @Test
  void namesWhatIsWrongWithTheConfiguration() throws Exception {
    sp.close();
    sp =
        ServiceProvider.at(SITE, "http://app.example.com/saml/acs")
            .metadata(idp.metadataUrl())
            .open();
    assertThat(sp.isReady()).isFalse();
    assertThat(sp.problems()).anyMatch(problem -> problem.field().equals("sp.acs_url"));
    assertThat(sp.signOn("/", cookies).status()).isEqualTo(503);
    assertThat(sp.metadata()).isNull();
  }

  @Test
  void signsAUserOutAtTheIdentityProvider() throws Exception {
    SignIn signIn = signIn("b.simon", "/", "none");
    Response leave = sp.signOut(signIn.user(), signIn.session());
    assertThat(leave.location())
        .startsWith("http://127.0.0.1:")
        .contains("SAMLRequest=")
        .contains("Signature=");
  }

  @Test
  void endsItsThreadWhenItIsClosed() throws Exception {
    sp.close();
    for (int waited = 0; waited < 5000 && threads() > 0; waited += 50) {
      Thread.sleep(50);
    }
    assertThat(threads()).isZero();
    assertThat(sp.signOn("/", cookies).body()).contains(Codes.HANDLE_CLOSED);
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("ostiary-service-provider"))
        .count();
  }
}
