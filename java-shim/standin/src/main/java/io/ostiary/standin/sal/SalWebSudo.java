package io.ostiary.standin.sal;

import com.atlassian.sal.api.websudo.WebSudoManager;
import com.atlassian.sal.api.websudo.WebSudoSessionException;
import io.ostiary.standin.host.Urls;
import io.ostiary.standin.host.WebSudo;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** The confirmation of a password, as plug-ins may ask for it. */
public final class SalWebSudo implements WebSudoManager {

  private final WebSudo webSudo;

  public SalWebSudo(WebSudo webSudo) {
    this.webSudo = webSudo;
  }

  /** True also for requests by OAuth and application links, as in the products. */
  @Override
  public boolean canExecuteRequest(HttpServletRequest request) {
    return !webSudo.isEnabled()
        || Urls.isByApplication(request)
        || webSudo.hasValidSession(request.getSession(false));
  }

  @Override
  public void enforceWebSudoProtection(HttpServletRequest request, HttpServletResponse response) {
    try {
      response.sendRedirect(webSudo.pageFor(request));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void willExecuteWebSudoRequest(HttpServletRequest request) {
    if (!canExecuteRequest(request)) {
      throw new WebSudoSessionException("the password has not been confirmed in this session");
    }
  }
}
