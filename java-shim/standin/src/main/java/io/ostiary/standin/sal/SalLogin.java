package io.ostiary.standin.sal;

import com.atlassian.sal.api.auth.LoginUriProvider;
import io.ostiary.standin.host.Switches;
import io.ostiary.standin.host.Urls;
import java.net.URI;

/** Where the login page is. */
public final class SalLogin implements LoginUriProvider {

  private final Switches switches;

  public SalLogin(Switches switches) {
    this.switches = switches;
  }

  @Override
  public URI getLoginUri(URI returnUri) {
    String target = returnUri.toString();
    String base = switches.baseUrl();
    String path = target.startsWith(base) ? target.substring(base.length()) : target;
    return URI.create(
        base + Urls.loginPage(switches.profile()) + "?os_destination=" + Urls.encode(path));
  }
}
