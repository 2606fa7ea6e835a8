package io.ostiary.standin.host;

import com.atlassian.sal.api.ApplicationProperties;
import com.atlassian.sal.api.auth.LoginUriProvider;
import com.atlassian.sal.api.message.I18nResolver;
import com.atlassian.sal.api.pluginsettings.PluginSettingsFactory;
import com.atlassian.sal.api.transaction.TransactionCallback;
import com.atlassian.sal.api.transaction.TransactionTemplate;
import com.atlassian.sal.api.user.UserManager;
import com.atlassian.sal.api.websudo.WebSudoManager;
import com.atlassian.sal.api.xsrf.XsrfTokenAccessor;
import com.atlassian.sal.api.xsrf.XsrfTokenValidator;
import com.atlassian.seraph.config.SecurityConfig;
import com.atlassian.seraph.config.SecurityConfigFactory;
import io.ostiary.standin.Profile;
import io.ostiary.standin.plugins.Plugins;
import io.ostiary.standin.sal.SalApplication;
import io.ostiary.standin.sal.SalLogin;
import io.ostiary.standin.sal.SalSettings;
import io.ostiary.standin.sal.SalTexts;
import io.ostiary.standin.sal.SalUsers;
import io.ostiary.standin.sal.SalWebSudo;
import io.ostiary.standin.sal.SalXsrf;
import io.ostiary.standin.sal.Services;
import io.ostiary.standin.sal.SettingsStore;
import io.ostiary.standin.users.Accounts;
import io.ostiary.standin.users.SignIns;
import io.ostiary.standin.web.Container;
import java.nio.file.Files;
import java.util.Map;
import org.apache.catalina.LifecycleException;
import org.osgi.framework.BundleException;

/** A running host: its parts put together, in Tomcat. */
public final class Host implements Runnable {

  private final Container container;
  private final Plugins plugins;
  private final LogLines lines;

  private Host(Container container, Plugins plugins, LogLines lines) {
    this.container = container;
    this.plugins = plugins;
    this.lines = lines;
  }

  /** Starts a host; called from outside its class loader. */
  public static Runnable start(Map<String, String> options) throws Exception {
    Switches switches = new Switches(Profile.called(options.get("profile")), options);
    Files.createDirectories(switches.home());
    Files.createDirectories(switches.sharedHome());
    Journal journal = new Journal();
    Callers.tell(journal);
    LogLines lines = LogLines.into(journal);
    Accounts accounts = Accounts.standard(() -> switches.is("everybody", false));
    SignIns signIns = new SignIns(journal);
    WebSudo webSudo = new WebSudo(switches, journal);
    SalXsrf xsrf = new SalXsrf(switches);
    SettingsStore settings = new SettingsStore(switches.sharedHome().resolve("standin-settings"));
    SecurityConfig security =
        switches.profile().isJira()
            ? JiraHost.secured(switches, journal, accounts, signIns, webSudo)
            : ConfluenceHost.secured(switches, journal, accounts, signIns, webSudo);
    SecurityConfigFactory.setSecurityConfig(security);
    Plugins[] later = new Plugins[1];
    Services services =
        new Services()
            .add(UserManager.class, new SalUsers(accounts))
            .add(ApplicationProperties.class, new SalApplication(switches))
            .add(PluginSettingsFactory.class, new SalSettings(settings))
            .add(LoginUriProvider.class, new SalLogin(switches))
            .add(WebSudoManager.class, new SalWebSudo(webSudo))
            .add(XsrfTokenAccessor.class, xsrf)
            .add(XsrfTokenValidator.class, xsrf)
            .add(I18nResolver.class, new SalTexts(key -> later[0].text(key)))
            .add(TransactionTemplate.class, new NoTransaction());
    services.all().forEach(Host::addComponent);
    Plugins plugins = new Plugins(switches, accounts, services, journal);
    later[0] = plugins;
    Parts parts =
        new Parts(switches, journal, accounts, signIns, security, xsrf, webSudo, settings, plugins);
    Container container = new Container(parts);
    container.start();
    plugins.start();
    return new Host(container, plugins, lines);
  }

  /** Stops it; called from outside its class loader. */
  @Override
  public void run() {
    try {
      plugins.stop();
      container.stop();
    } catch (BundleException | LifecycleException e) {
      throw new IllegalStateException("the host did not stop", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    lines.close();
  }

  /** The URL that it listens at. */
  @Override
  public String toString() {
    return container.url();
  }

  private static <T> void addComponent(Class<T> type, Object service) {
    Components.add(type.getSimpleName(), type, type.cast(service));
  }

  private static final class NoTransaction implements TransactionTemplate {

    @Override
    public <T> T execute(TransactionCallback<T> action) {
      return action.doInTransaction();
    }
  }
}
