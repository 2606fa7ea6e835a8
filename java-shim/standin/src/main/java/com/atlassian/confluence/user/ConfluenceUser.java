package com.atlassian.confluence.user;

import com.atlassian.user.User;

/** A user of Confluence. */
public interface ConfluenceUser extends User {

  Object getKey();
}
