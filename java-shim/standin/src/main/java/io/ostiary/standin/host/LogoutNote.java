package io.ostiary.standin.host;

import com.atlassian.seraph.interceptor.LogoutInterceptor;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Notes sign-outs that went through the authenticator. */
record LogoutNote(Journal journal) implements LogoutInterceptor {

  @Override
  public void beforeLogout(HttpServletRequest request, HttpServletResponse response) {
    journal.event("beforeLogout");
  }

  @Override
  public void afterLogout(HttpServletRequest request, HttpServletResponse response) {
    journal.event("afterLogout");
  }
}
