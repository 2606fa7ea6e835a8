package io.ostiary.standin.sal;

import com.atlassian.sal.api.ApplicationProperties;
import com.atlassian.sal.api.UrlMode;
import io.ostiary.standin.host.Switches;
import java.io.File;
import java.nio.file.Path;
import java.util.Date;
import java.util.Optional;

/** Facts of this installation. */
public final class SalApplication implements ApplicationProperties {

  private final Switches switches;

  public SalApplication(Switches switches) {
    this.switches = switches;
  }

  @Override
  public String getBaseUrl() {
    return switches.baseUrl();
  }

  @Override
  public String getBaseUrl(UrlMode urlMode) {
    return switch (urlMode) {
      case CANONICAL, ABSOLUTE, AUTO -> switches.baseUrl();
      case RELATIVE, RELATIVE_CANONICAL -> switches.contextPath();
    };
  }

  @Override
  public String getDisplayName() {
    return switches.profile().isJira() ? "JIRA" : "Confluence";
  }

  @Override
  public String getPlatformId() {
    return switches.profile().isJira() ? "jira" : "conf";
  }

  @Override
  public String getVersion() {
    return switches.version();
  }

  @Override
  @SuppressWarnings("JavaUtilDate") // SAL's type
  public Date getBuildDate() {
    return new Date(0);
  }

  @Override
  public String getBuildNumber() {
    return switches.profile().buildNumber();
  }

  @Override
  public File getHomeDirectory() {
    return switches.home().toFile();
  }

  @Override
  public Optional<Path> getLocalHomeDirectory() {
    return Optional.of(switches.home());
  }

  @Override
  public Optional<Path> getSharedHomeDirectory() {
    return Optional.of(switches.sharedHome());
  }

  @Override
  public String getPropertyValue(String key) {
    return null;
  }
}
