package com.atlassian.confluence.user;

import java.io.Serializable;
import java.security.Principal;

/** What Confluence puts into the session. */
public final class ConfluenceUserPrincipal implements Principal, Serializable {

  private static final long serialVersionUID = 1;

  private final String name;

  public ConfluenceUserPrincipal(String name) {
    this.name = name;
  }

  @Override
  public String getName() {
    return name;
  }
}
