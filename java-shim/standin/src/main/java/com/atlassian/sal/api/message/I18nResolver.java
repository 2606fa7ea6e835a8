package com.atlassian.sal.api.message;

import java.io.Serializable;

/** Texts by key. */
public interface I18nResolver {

  String getText(String key);

  String getText(String key, Serializable... arguments);
}
