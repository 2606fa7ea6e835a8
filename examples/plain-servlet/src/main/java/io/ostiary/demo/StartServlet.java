package io.ostiary.demo;

import java.io.IOException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** The public start page with the sign-in button. */
final class StartServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
    String user = request.getRemoteUser();
    String body;
    if (user == null) {
      body =
          """
          <p>Nobody is signed in. This page is open to everybody.</p>
          <p><a class="button" id="sign-in" href="/account">Sign in with Microsoft Entra ID</a></p>
          <p>Or come in as from the My Apps portal: <a id="my-apps" href="%s">the application's tile</a>.</p>
          """
              .formatted(Application.SIGN_ON_PATH);
    } else {
      body =
          """
          <p>Signed in as <strong id="user">%s</strong>.</p>
          <p><a class="button" href="/account">My account</a> &nbsp; <a id="sign-out" href="%s">Sign out</a></p>
          """
              .formatted(Pages.escape(user), Application.SIGN_OUT_PATH);
    }
    Application.send(response, Pages.page("Welcome", body));
  }
}
