package io.ostiary.addon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The native library does not load: a file that is none, none at all, a library of somebody else.
 * That a panic inside of it is caught is tested beside the door, in Rust.
 */
@ParameterizedClass
@MethodSource("io.ostiary.addon.Profiles#all")
record BrokenLibraryIT(String profile) {

  @Test
  void s42_runs_without_its_library_and_leaves_the_password_form_alone() throws IOException {
    Path none = Files.writeString(Files.createTempFile("ostiary-broken", ".so"), "no library");
    // A link, for the JVM takes no library from the same file twice.
    Path library = none.resolveSibling(none.getFileName() + ".link");
    Files.createSymbolicLink(library, none);
    try (Installed host = new Installed(profile, "-Dostiary.native.path=" + library)) {
      assertWorksWithout(host, "native-unavailable");
      Files.delete(library);
      assertWorksWithout(host, "native-unavailable");
      Files.createSymbolicLink(library, someOtherLibrary());
      assertWorksWithout(host, "native-unavailable");
      // Once it is right an upgrade is enough; the host is not restarted.
      Files.delete(library);
      Files.createSymbolicLink(library, own());
      assertThat(host.install().status()).isEqualTo(202);
      assertThat(host.configure(Map.of()).location()).endsWith("?saved");
      assertThat(host.signIn(host.browser(), "b.simon", "").status()).isEqualTo(303);
      assertThat(host.told("violations").body().trim()).isEqualTo("[]");
    } finally {
      Files.deleteIfExists(library);
      Files.delete(none);
    }
  }

  /** What every JVM on Linux comes with. */
  private static Path someOtherLibrary() {
    return Path.of(System.getProperty("java.home"), "lib", "libzip.so");
  }

  private static Path own() {
    return Path.of(System.getProperty("ostiary.idp")).resolveSibling("libostiary.so");
  }

  private static void assertWorksWithout(Installed host, String code) throws IOException {
    host.forgetLog();
    assertThat(host.install().status()).as("installs").isEqualTo(202);
    Browser.Answer refused = host.browser().get(host.context + Installed.SIGN_ON);
    assertThat(refused.status()).as(refused.toString()).isEqualTo(503);
    assertThat(refused.body()).contains(code).doesNotContain("\tat ", "UnsatisfiedLinkError");
    Browser.Answer login = host.browser().get(host.loginPage());
    assertThat(login.body()).contains("<form").doesNotContain("ostiary");
    Browser browser = host.signedIn("b.simon@contoso.example");
    assertThat(host.hasSession("b.simon@contoso.example")).isTrue();
    assertThat(browser.get(host.context + "/").status()).isLessThan(400);
    host.browser().send("DELETE", host.context + "/standin/sessions", null, null, false);
    // Administrators are told, on the page and in the log, once.
    Browser.Answer page = host.configurePage();
    assertThat(page.status()).isEqualTo(503);
    assertThat(page.page().select("#problem").text()).contains("library");
    List<String> errors = host.logged("SEVERE");
    assertThat(errors).singleElement().asString().startsWith(code);
  }
}
