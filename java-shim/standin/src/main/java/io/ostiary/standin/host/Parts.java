package io.ostiary.standin.host;

import com.atlassian.seraph.config.SecurityConfig;
import io.ostiary.standin.Profile;
import io.ostiary.standin.plugins.Plugins;
import io.ostiary.standin.sal.SalXsrf;
import io.ostiary.standin.sal.SettingsStore;
import io.ostiary.standin.users.Accounts;
import io.ostiary.standin.users.SignIns;

/** What a host is made of, for those of its pages and filters that need several of them. */
public record Parts(
    Switches switches,
    Journal journal,
    Accounts accounts,
    SignIns signIns,
    SecurityConfig security,
    SalXsrf xsrf,
    WebSudo webSudo,
    SettingsStore settings,
    Plugins plugins) {

  public Profile profile() {
    return switches.profile();
  }
}
