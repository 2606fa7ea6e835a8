package com.atlassian.sal.api.xsrf;

import javax.servlet.http.HttpServletRequest;

/** Compares it. */
public interface XsrfTokenValidator {

  boolean validateFormEncodedToken(HttpServletRequest request);

  String getXsrfParameterName();
}
