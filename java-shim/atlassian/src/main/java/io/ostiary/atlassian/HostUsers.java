package io.ostiary.atlassian;

import io.ostiary.bridge.UserDirectory;
import java.security.Principal;
import javax.servlet.http.HttpServletRequest;

/** The host's users, as one request asks for them. */
final class HostUsers implements UserDirectory {

  private final Seraph seraph;
  private final HttpServletRequest request;

  HostUsers(Seraph seraph, HttpServletRequest request) {
    this.seraph = seraph;
    this.request = request;
  }

  @Override
  public Answer find(String user) {
    try {
      Principal found = seraph.find(user);
      if (found == null) {
        return Answer.notFound();
      }
      if (seraph.isInactive(found)) {
        return Answer.inactive();
      }
      if (seraph.canLogIn(found, request)
          || seraph.canLogIn(
              found, new TowardsRequest(request, TowardsRequest.PORTAL + "/portals"))) {
        return Answer.found(found.getName());
      }
      return Answer.notPermitted();
    } catch (HostException e) {
      return Answer.failed(e.getMessage());
    }
  }
}
