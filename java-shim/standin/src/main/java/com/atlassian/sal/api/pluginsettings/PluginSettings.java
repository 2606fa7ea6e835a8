package com.atlassian.sal.api.pluginsettings;

/** Values of a plug-in, alike on all nodes. */
public interface PluginSettings {

  Object get(String key);

  Object put(String key, Object value);

  Object remove(String key);
}
