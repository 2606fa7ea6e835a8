package com.atlassian.sal.api.auth;

import java.net.URI;

/** Where the login page is. */
public interface LoginUriProvider {

  URI getLoginUri(URI returnUri);
}
