package com.atlassian.sal.api;

import io.ostiary.standin.Generations;
import java.io.File;
import java.nio.file.Path;
import java.util.Date;
import java.util.Optional;

/** Facts of the installation. */
public interface ApplicationProperties {

  String getBaseUrl();

  @Generations(from = 2)
  String getBaseUrl(UrlMode urlMode);

  String getDisplayName();

  @Generations(from = 2)
  String getPlatformId();

  String getVersion();

  Date getBuildDate();

  String getBuildNumber();

  File getHomeDirectory();

  @Generations(from = 2)
  Optional<Path> getLocalHomeDirectory();

  @Generations(from = 2)
  Optional<Path> getSharedHomeDirectory();

  String getPropertyValue(String key);
}
