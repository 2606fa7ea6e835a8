package com.atlassian.sal.api.pluginsettings;

/** Gives settings. */
public interface PluginSettingsFactory {

  PluginSettings createSettingsForKey(String key);

  PluginSettings createGlobalSettings();
}
