package io.ostiary.e2e.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.ostiary.e2e.demo.Chromium;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Sign-in and sign-out with a real Keycloak, in a real browser: Keycloak on {@code
 * http://127.0.0.1}, the application on {@code http://localhost}, which are two sites.
 *
 * <p>Keycloak knows the application by its metadata. Each test puts the client's settings in place
 * that it needs.
 */
@ParameterizedClass
@EnumSource(Flavour.class)
@Timeout(600)
class KeycloakInterop {

  private static final String DS = "http://www.w3.org/2000/09/xmldsig#";
  private static final String XENC = "http://www.w3.org/2001/04/xmlenc#";
  private static final String SAML = "urn:oasis:names:tc:SAML:2.0:assertion";

  private static final String ENCRYPT = "saml.encrypt";
  private static final String SIGN_RESPONSE = "saml.server.signature";
  private static final String SIGN_ASSERTION = "saml.assertion.signature";
  private static final String CERTIFICATE = "saml.signing.certificate";

  private static Keycloak keycloak;
  private static Realm sharedRealm;
  private static Site sharedSite;
  private static Chromium sharedBrowser;

  private final Flavour flavour;
  private Realm realm = sharedRealm;
  private Site site = sharedSite;
  private Chromium browser = sharedBrowser;

  KeycloakInterop(Flavour flavour) {
    this.flavour = flavour;
  }

  @BeforeAll
  static void startKeycloak() throws Exception {
    keycloak = new Keycloak(Path.of(System.getProperty("ostiary.keycloak")));
  }

  @AfterAll
  static void stopKeycloak() throws IOException {
    if (keycloak != null) {
      keycloak.close();
    }
  }

  @BeforeParameterizedClassInvocation
  static void startSite(Flavour flavour) throws Exception {
    sharedRealm = new Realm(keycloak, "ostiary-" + flavour.id());
    sharedSite = new Site(flavour, sharedRealm.metadataUrl());
    sharedRealm.register(sharedSite.metadata());
    sharedBrowser = newBrowser(flavour);
  }

  @AfterParameterizedClassInvocation
  static void stopSite() throws IOException {
    if (sharedBrowser != null) {
      sharedBrowser.close();
      sharedBrowser = null;
    }
    if (sharedSite != null) {
      sharedSite.close();
      sharedSite = null;
    }
  }

  @BeforeEach
  void forgetWhatWasBefore() throws Exception {
    realm.configure(Map.of());
    browser.forgetCookies();
  }

  private static Chromium newBrowser(Flavour flavour) {
    return new Chromium(Path.of(System.getProperty("ostiary.shots"), "keycloak-" + flavour.id()));
  }

  /** Opens the start page and presses its button. */
  private void start() {
    browser.open(site.url());
    browser.click("sign-in");
    browser.awaitAddress(realm.url());
  }

  private void fillIn(String user) {
    browser.type("username", user);
    browser.type("password", realm.password());
  }

  private void signIn(String user) {
    fillIn(user);
    browser.click("kc-login");
    browser.awaitAddress(site.url());
  }

  /**
   * Signs in at Keycloak and holds its Response in the browser until {@link Chromium#submit()}.
   *
   * @return the Response
   */
  private Document signInAndHold(String user) throws Exception {
    fillIn(user);
    browser.letScriptsRun(false);
    browser.click("kc-login");
    byte[] response = Base64.getMimeDecoder().decode(browser.field("SAMLResponse"));
    browser.letScriptsRun(true);
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    return factory.newDocumentBuilder().parse(new ByteArrayInputStream(response));
  }

  private void assertSignedIn(String user) {
    assertThat(browser.address()).isEqualTo(site.url() + "account");
    assertThat(browser.text("user")).isEqualTo(user + "@contoso.example");
  }

  private void assertRefused(String code, String scenario) throws IOException {
    assertThat(browser.text("ostiary-code")).isEqualTo(code);
    assertThat(site.log()).contains(code + ": ").contains("[" + browser.text("ostiary-reference"));
    Findings.note(flavour, scenario, "refused, " + code);
    assertNobodyIsSignedIn();
  }

  private void assertNobodyIsSignedIn() {
    browser.open(site.url());
    assertThat(browser.has("sign-in")).isTrue();
    assertThat(browser.has("user")).isFalse();
  }

  private static Element only(Document document, String namespace, String name) {
    NodeList found = document.getElementsByTagNameNS(namespace, name);
    assertThat(found.getLength()).as(name).isEqualTo(1);
    return (Element) found.item(0);
  }

  private static boolean isSigned(Element element) {
    for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (DS.equals(child.getNamespaceURI()) && "Signature".equals(child.getLocalName())) {
        return true;
      }
    }
    return false;
  }

  @Test
  void keycloak_reads_our_metadata() throws Exception {
    assertThat(realm.importedAttributes())
        .containsEntry("saml_assertion_consumer_url_post", site.signOnUrl())
        .containsEntry("saml_single_logout_service_url_redirect", site.url() + Site.LOGOUT)
        .containsEntry("saml_single_logout_service_url_post", site.url() + Site.LOGOUT)
        .containsEntry("saml.client.signature", "true")
        .containsEntry(ENCRYPT, "true")
        .containsKey(CERTIFICATE)
        .containsKey("saml.encryption.certificate");
    Findings.note(flavour, "metadata imported into Keycloak", "client signature, encryption on");
  }

  @Test
  void signs_in_with_the_button_as_keycloak_sets_itself_up_from_our_metadata() throws Exception {
    start();
    browser.shoot("1-keycloak");
    Document response = signInAndHold(Realm.USER);
    String algorithms = algorithms(only(response, XENC, "EncryptedData"));
    browser.submit();
    browser.awaitAddress(site.url());
    assertSignedIn(Realm.USER);
    browser.shoot("2-account");
    Findings.note(flavour, "login button, settings as imported", "signed in, " + algorithms);
  }

  @Test
  void brings_a_deep_link_back_with_its_whole_query() throws Exception {
    String target = "browse/DEMO-1?filter=open&sort=a%2Bb&q=%C3%BC%20%26%3D&empty=&twice=1&twice=2";
    browser.open(site.url() + target);
    browser.awaitAddress(realm.url());
    signIn(Realm.USER);
    assertThat(browser.address()).isEqualTo(site.url() + target);
    assertThat(browser.text("here")).isEqualTo("/" + target);
    assertThat(browser.text("user")).isEqualTo(Realm.USER + "@contoso.example");
    Findings.note(flavour, "deep link", "arrives exactly");
  }

  @Test
  void keycloak_refuses_a_request_that_is_signed_by_another_key() throws Exception {
    realm.configure(Map.of(CERTIFICATE, realm.foreignCertificate()));
    start();
    assertThat(browser.page()).contains("Invalid requester");
    assertThat(browser.has("kc-login")).isFalse();
    browser.shoot("3-invalid-requester");
    assertNobodyIsSignedIn();
    realm.configure(Map.of());
    start();
    signIn(Realm.USER);
    assertSignedIn(Realm.USER);
    Findings.note(flavour, "AuthnRequest signed by another key", "Keycloak: Invalid requester");
  }

  @Test
  void reads_assertions_encrypted_with_aes_256_gcm_and_rsa_oaep() throws Exception {
    realm.configure(
        Map.of(
            ENCRYPT,
            "true",
            "saml.encryption.algorithm",
            "http://www.w3.org/2009/xmlenc11#aes256-gcm",
            "saml.encryption.keyAlgorithm",
            "http://www.w3.org/2009/xmlenc11#rsa-oaep",
            "saml.encryption.digestMethod",
            XENC + "sha256",
            "saml.encryption.maskGenerationFunction",
            "http://www.w3.org/2009/xmlenc11#mgf1sha256"));
    start();
    Document response = signInAndHold(Realm.USER);
    assertThat(response.getElementsByTagNameNS(SAML, "Assertion").getLength()).isZero();
    String algorithms = algorithms(only(response, XENC, "EncryptedData"));
    assertThat(algorithms).isEqualTo("aes256-gcm, rsa-oaep, sha256, mgf1sha256");
    browser.submit();
    browser.awaitAddress(site.url());
    assertSignedIn(Realm.USER);
    Findings.note(flavour, "encrypted assertion", "signed in, " + algorithms);
  }

  /** Names of the algorithms of an EncryptedData, in document order. */
  private static String algorithms(Element encrypted) {
    StringBuilder names = new StringBuilder();
    NodeList all = encrypted.getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      String algorithm = ((Element) all.item(i)).getAttribute("Algorithm");
      if (!algorithm.isEmpty()) {
        names.append(names.length() == 0 ? "" : ", ");
        names.append(algorithm.substring(algorithm.indexOf('#') + 1));
      }
    }
    return names.toString();
  }

  @Test
  void accepts_a_signed_response_around_an_unsigned_assertion() throws Exception {
    assertAcceptsSigned(true, false, "signed Response");
  }

  @Test
  void accepts_a_signed_assertion_in_an_unsigned_response() throws Exception {
    assertAcceptsSigned(false, true, "signed Assertion");
  }

  @Test
  void accepts_a_signed_assertion_in_a_signed_response() throws Exception {
    assertAcceptsSigned(true, true, "signed Response and Assertion");
  }

  private void configureSignatures(boolean response, boolean assertion) throws Exception {
    realm.configure(
        Map.of(
            SIGN_RESPONSE,
            String.valueOf(response),
            SIGN_ASSERTION,
            String.valueOf(assertion),
            ENCRYPT,
            "false"));
  }

  private void assertAcceptsSigned(boolean response, boolean assertion, String scenario)
      throws Exception {
    configureSignatures(response, assertion);
    start();
    Document held = signInAndHold(Realm.USER);
    assertThat(isSigned(held.getDocumentElement())).as("Response").isEqualTo(response);
    assertThat(isSigned(only(held, SAML, "Assertion"))).as("Assertion").isEqualTo(assertion);
    browser.submit();
    browser.awaitAddress(site.url());
    assertSignedIn(Realm.USER);
    Findings.note(flavour, scenario, "signed in");
  }

  @Test
  void refuses_a_response_without_any_signature() throws Exception {
    configureSignatures(false, false);
    start();
    Document held = signInAndHold(Realm.USER);
    assertThat(held.getElementsByTagNameNS(DS, "Signature").getLength()).isZero();
    browser.submit();
    browser.awaitAddress(site.url());
    assertRefused("signature-missing", "no signature at all");
  }

  @Test
  void signs_out_here_and_at_keycloak() throws Exception {
    start();
    signIn(Realm.LEAVES_HERE);
    assertThat(realm.sessionsOf(Realm.LEAVES_HERE)).isEqualTo(1);
    browser.click("sign-out");
    browser.awaitAddress(site.url() + Site.LOGOUT);
    assertThat(browser.text("ostiary-message"))
        .isEqualTo("You are signed out of this application and of your identity provider.");
    browser.shoot("4-signed-out-everywhere");
    assertThat(realm.sessionsOf(Realm.LEAVES_HERE)).isZero();
    Findings.note(flavour, "sign-out started here", "Keycloak's session ended, and it says so");
    assertNobodyIsSignedIn();
    start();
    assertThat(browser.has("kc-login")).as("Keycloak asks for the password again").isTrue();
  }

  @Test
  void is_signed_out_by_keycloak_through_the_browser() throws Exception {
    start();
    signIn(Realm.LEAVES_THERE);
    assertThat(realm.sessionsOf(Realm.LEAVES_THERE)).isEqualTo(1);
    browser.open(realm.url() + "/protocol/openid-connect/logout");
    browser.click("kc-logout");
    browser.awaitText("You are logged out");
    assertThat(browser.address()).startsWith(realm.url());
    browser.shoot("5-signed-out-at-keycloak");
    assertThat(realm.sessionsOf(Realm.LEAVES_THERE)).isZero();
    assertNobodyIsSignedIn();
    Findings.note(flavour, "sign-out started at Keycloak, by browser", "our session ended");
  }

  @Test
  void is_signed_out_by_an_administrator_of_keycloak() throws Exception {
    realm.logOutWithoutBrowser();
    start();
    signIn(Realm.IS_THROWN_OUT);
    assertSignedIn(Realm.IS_THROWN_OUT);
    realm.signOut(Realm.IS_THROWN_OUT);
    assertThat(realm.sessionsOf(Realm.IS_THROWN_OUT)).isZero();
    assertNobodyIsSignedIn();
    Findings.note(flavour, "sign-out by Keycloak's server (POST)", "our session ended");
  }

  @Test
  void keycloak_does_not_sign_in_a_disabled_user() throws Exception {
    start();
    fillIn(Realm.DISABLED);
    browser.click("kc-login");
    browser.awaitText("Account is disabled");
    browser.shoot("6-disabled");
    assertThat(browser.address()).startsWith(realm.url());
    assertNobodyIsSignedIn();
    Findings.note(flavour, "user disabled at Keycloak", "Keycloak: Account is disabled");
  }

  @Test
  void refuses_a_user_whom_the_application_has_switched_off() throws Exception {
    start();
    signIn(Realm.INACTIVE_HERE);
    assertRefused("user-inactive", "user disabled here");
  }

  @Test
  void refuses_a_response_for_another_audience() throws Exception {
    String other = "https://other.example/";
    start();
    realm.rename(other);
    // Keycloak's form names the client; it is the same one, under its new ID.
    browser.script(
        "const form = document.getElementById('kc-form-login');"
            + "const action = new URL(form.action);"
            + "action.searchParams.set('client_id', '"
            + other
            + "'); form.action = action.href;");
    signIn(Realm.USER);
    browser.shoot("7-wrong-audience");
    assertRefused("audience-mismatch", "wrong audience");
  }

  @Test
  void refuses_a_response_that_nobody_asked_for() throws Exception {
    realm.configure(Map.of("saml_idp_initiated_sso_url_name", "demo"));
    browser.open(realm.url() + "/protocol/saml/clients/demo");
    signIn(Realm.USER);
    assertRefused("unsolicited-not-allowed", "started at Keycloak, unsolicited");
  }

  /** In a realm and a site of their own, because what it does to them cannot be undone. */
  @Test
  void follows_the_rotation_of_keys_at_keycloak() throws Exception {
    realm = new Realm(keycloak, "rotation-" + flavour.id());
    try (Site own = new Site(flavour, realm.metadataUrl());
        Chromium other = newBrowser(flavour)) {
      site = own;
      realm.register(site.metadata());
      start();
      signInAndHold(Realm.USER);
      realm.addSigningKey();
      browser = other;
      assertFetchesTheNewKeyOnce();
      realm.removeOldSigningKeys();
      site.restartWithRefreshDue();
      site.awaitLogged("keys-refreshed: 1 signing certificates", 2);
      browser.open(site.url());
      browser.click("sign-in");
      browser.awaitAddress(site.url() + "account");
      assertSignedIn(Realm.USER);
      browser = sharedBrowser;
      browser.submit();
      browser.awaitAddress(site.url());
      assertRefused("signature-invalid", "key removed at Keycloak");
    }
  }

  private void assertFetchesTheNewKeyOnce() throws Exception {
    long process = site.processId();
    assertThat(site.logged("keys-refreshed")).isEqualTo(1);
    start();
    signIn(Realm.USER);
    assertSignedIn(Realm.USER);
    assertThat(site.logged("keys-refreshed: 2 signing certificates")).isEqualTo(1);
    assertThat(site.logged("keys-refreshed")).isEqualTo(2);
    assertThat(site.processId()).isEqualTo(process);
    Findings.note(flavour, "new key at Keycloak", "signed in after one fetch, keys-refreshed");
  }
}
